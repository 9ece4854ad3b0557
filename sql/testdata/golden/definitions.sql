CREATE TABLE t (a int PRIMARY KEY, b text NOT NULL DEFAULT 'x' || 'y', c numeric(10, 2) CHECK (c > 0), UNIQUE (b, c), CONSTRAINT fk FOREIGN KEY (c) REFERENCES u (d) ON DELETE CASCADE)
----
(CreateTable name:(Name@14 name:"t") columns:[
    (ColumnDef@17 name:"a" type:(TypeName@19 schema:"pg_catalog" name:"int4") constraints:[(Constraint@23 primary-key columns:["a"])])
    (ColumnDef@36 name:"b" type:(TypeName@38 name:"text") notnull default:(Op@64 name:"||" args:[(Const@60 string text:"x") (Const@67 string text:"y")]) defaultsql:"'x' || 'y'")
    (ColumnDef@72 name:"c" type:(TypeName@74 schema:"pg_catalog" name:"numeric" mods:[10 2]) constraints:[
        (Constraint@89 check columns:["c"] check:(Op@98 name:">" args:[(ColumnRef@96 parts:["c"]) (Const@100 int text:"0")]) checksql:"c > 0")])] constraints:[
    (Constraint@104 unique columns:["b" "c"])
    (Constraint@133 foreign-key name:"fk" columns:["c"] references:(Name@160 name:"u") refcolumns:["d"] ondelete:"CASCADE")])

CREATE TABLE IF NOT EXISTS s.t (a int GENERATED ALWAYS AS IDENTITY, b int GENERATED ALWAYS AS (a + 1) STORED, c text COLLATE "C" REFERENCES u) WITH (x = 1, 'quoted.key' = 'v')
----
(CreateTable name:(Name@28 schema:"s" name:"t") ifnotexists columns:[
    (ColumnDef@33 name:"a" type:(TypeName@35 schema:"pg_catalog" name:"int4") identity:"ALWAYS")
    (ColumnDef@69 name:"b" type:(TypeName@71 schema:"pg_catalog" name:"int4") generated:(Op@98 name:"+" args:[(ColumnRef@96 parts:["a"]) (Const@100 int text:"1")]) generatedsql:"a + 1")
    (ColumnDef@111 name:"c" type:(TypeName@113 name:"text") collation:["C"] constraints:[(Constraint@130 foreign-key columns:["c"] references:(Name@141 name:"u"))])] with:[(Option@150 name:"x" value:"1" hasvalue word) (Option@157 name:"quoted.key" value:"v" hasvalue)])

CREATE TABLE t ()
----
(CreateTable name:(Name@14 name:"t"))

CREATE TEMP TABLE t AS SELECT 1 AS a
----
(CreateTable name:(Name@19 name:"t") temporary asquery:(Query@31 body:(Select@31 items:[(SelectItem@31 expr:(Const@31 int text:"1") alias:"a")])) astext:"SELECT 1 AS a")

CREATE TABLE t (a, b) AS VALUES (1, 2) WITH NO DATA
----
(CreateTable name:(Name@14 name:"t") asquery:(Query@34 body:(Values@34 rows:[[(Const@34 int text:"1") (Const@37 int text:"2")]])) astext:"VALUES (1, 2)" columnnames:["a" "b"] nodata)

CREATE UNLOGGED TABLE t (LIKE u INCLUDING ALL, a int) ON COMMIT DROP
----
(CreateTable name:(Name@23 name:"t") unlogged columns:[(ColumnDef@48 name:"a" type:(TypeName@50 schema:"pg_catalog" name:"int4"))] like:[(Name@31 name:"u")] oncommit:"DROP")

CREATE STREAM IF NOT EXISTS s (at timestamptz NOT NULL, v int, WATERMARK FOR at AS at - INTERVAL '5 seconds') WITH (retention = '7 days')
----
(CreateStream name:(Name@29 name:"s") ifnotexists columns:[
    (ColumnDef@32 name:"at" type:(TypeName@35 name:"timestamptz") notnull)
    (ColumnDef@57 name:"v" type:(TypeName@59 schema:"pg_catalog" name:"int4"))] watermarks:[
    (Watermark@64 column:"at" expr:(Op@87 name:"-" args:[
          (ColumnRef@84 parts:["at"])
          (Typed@89 text:"5 seconds" type:(TypeName@89 schema:"pg_catalog" name:"interval"))]) sql:"at - INTERVAL '5 seconds'")] with:[(Option@117 name:"retention" value:"7 days" hasvalue)])

CREATE OR REPLACE VIEW v (a) WITH (security_barrier) AS SELECT 1 WITH LOCAL CHECK OPTION
----
(CreateView name:(Name@24 name:"v") orreplace columns:["a"] with:[(Option@36 name:"security_barrier")] query:(Query@64 body:(Select@64 items:[(SelectItem@64 expr:(Const@64 int text:"1"))])) querytext:"SELECT 1" check:"LOCAL")

CREATE MATERIALIZED VIEW IF NOT EXISTS v AS
  SELECT a, count(*) FROM t GROUP BY a;
----
(CreateMaterializedView name:(Name@40 name:"v") ifnotexists query:(Query@54 body:(Select@54 items:[(SelectItem@54 expr:(ColumnRef@54 parts:["a"])) (SelectItem@57 expr:(Call@57 name:"count" star))] from:[(Table@71 name:"t")] groupby:[(GroupItem@82 expr expr:(ColumnRef@82 parts:["a"]))])) querytext:"SELECT a, count(*) FROM t GROUP BY a")

CREATE OR REPLACE MATERIALIZED VIEW v AS (SELECT 1) UNION SELECT 2 WITH NO DATA
----
(CreateMaterializedView name:(Name@37 name:"v") orreplace query:(Query body:(SetOp union left:(Query@50 body:(Select@50 items:[(SelectItem@50 expr:(Const@50 int text:"1"))])) right:(Query@66 body:(Select@66 items:[(SelectItem@66 expr:(Const@66 int text:"2"))])))) querytext:"(SELECT 1) UNION SELECT 2" nodata)

CREATE SCHEMA IF NOT EXISTS s AUTHORIZATION me
----
(CreateSchema name:"s" ifnotexists owner:"me")

CREATE UNIQUE INDEX CONCURRENTLY i ON t USING btree (a DESC NULLS LAST, lower(b) text_ops, (c + 1)) INCLUDE (d) WHERE a > 1
----
(CreateIndex name:"i" unique concurrently table:(Name@39 name:"t") method:"btree" elems:[
    (IndexElem@54 column:"a" desc last)
    (IndexElem@73 expr:(Call@73 name:"lower" args:[(Arg expr:(ColumnRef@79 parts:["b"]))]) opclass:"text_ops")
    (IndexElem@92 expr:(Op@95 name:"+" args:[(ColumnRef@93 parts:["c"]) (Const@97 int text:"1")]))] include:["d"] where:(Op@121 name:">" args:[(ColumnRef@119 parts:["a"]) (Const@123 int text:"1")]))

CREATE SOURCE s (a int) WITH (connector = 'kafka') FORMAT PLAIN ENCODE JSON
----
(CreateOpaque@15 kind:"SOURCE" name:(Name@15 name:"s") text:"(a int) WITH (connector = 'kafka') FORMAT PLAIN ENCODE JSON")

CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2'; SELECT 3
----
(Unsupported@1 verb:"CREATE FUNCTION")
(Select query:(Query@78 body:(Select@78 items:[(SelectItem@78 expr:(Const@78 int text:"3"))])))

CREATE OR REPLACE FUNCTION f() RETURNS int AS $$ BEGIN; END $$ LANGUAGE plpgsql
----
(Unsupported@1 verb:"CREATE FUNCTION")

CREATE SEQUENCE s START 1
----
(Unsupported@1 verb:"CREATE SEQUENCE")

CREATE EXTENSION IF NOT EXISTS x
----
(Unsupported@1 verb:"CREATE EXTENSION")

DROP TABLE IF EXISTS a, s.b CASCADE
----
(Drop kind:"TABLE" names:[(Name@22 name:"a") (Name@25 schema:"s" name:"b")] ifexists cascade)

DROP MATERIALIZED VIEW v; DROP STREAM s; DROP INDEX CONCURRENTLY i RESTRICT
----
(Drop kind:"MATERIALIZED VIEW" names:[(Name@24 name:"v")])
(Drop kind:"STREAM" names:[(Name@39 name:"s")])
(Drop kind:"INDEX" names:[(Name@66 name:"i")] concurrently)

DROP FUNCTION f(int)
----
(Unsupported@1 verb:"DROP FUNCTION")

ALTER TABLE t RENAME TO u; ALTER TABLE t RENAME COLUMN a TO b; ALTER TABLE t RENAME a TO b
----
(Alter@1 object:"TABLE" name:(Name@13 name:"t") rename to:"u")
(Alter@28 object:"TABLE" name:(Name@40 name:"t") rename-column column:"a" to:"b")
(Alter@64 object:"TABLE" name:(Name@76 name:"t") rename-column column:"a" to:"b")

ALTER STREAM s SET (retention = '1 day'); ALTER VIEW v OWNER TO me; ALTER TABLE t ADD COLUMN x int
----
(Alter@1 object:"STREAM" name:(Name@14 name:"s") set options:[(Option@21 name:"retention" value:"1 day" hasvalue)])
(Alter@43 object:"VIEW" name:(Name@54 name:"v") owner to:"me")
(Alter@69 object:"TABLE" name:(Name@81 name:"t") other action:"ADD COLUMN x int")

COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN s.t.a IS NULL; COMMENT ON FUNCTION f(int) IS 'y'
----
(Comment object:"TABLE" name:["t"] text:"x")
(Comment object:"COLUMN" name:["s" "t" "a"] null)
(Comment object:"FUNCTION" name:["f"] text:"y")

REFRESH MATERIALIZED VIEW CONCURRENTLY v
----
(RefreshMaterializedView name:(Name@40 name:"v") concurrently)
