SELECT
----
(Select query:(Query body:(Select)))

SELECT a AS x, b y, t.*, * FROM s.t AS u (a, b), ONLY v
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(ColumnRef@8 parts:["a"]) alias:"x")
        (SelectItem@16 expr:(ColumnRef@16 parts:["b"]) alias:"y")
        (SelectItem@21 star qualifier:["t"])
        (SelectItem@26 star)] from:[(Table@33 schema:"s" name:"t" alias:(Alias name:"u" columns:["a" "b"])) (Table@55 name:"v" only)])))

SELECT DISTINCT a FROM t
----
(Select query:(Query@17 body:(Select@17 distinct items:[(SelectItem@17 expr:(ColumnRef@17 parts:["a"]))] from:[(Table@24 name:"t")])))

SELECT DISTINCT ON (a, b) a, c FROM t ORDER BY a, b
----
(Select query:(Query@27 body:(Select@27 distincton:[(ColumnRef@21 parts:["a"]) (ColumnRef@24 parts:["b"])] items:[(SelectItem@27 expr:(ColumnRef@27 parts:["a"])) (SelectItem@30 expr:(ColumnRef@30 parts:["c"]))] from:[(Table@37 name:"t")]) orderby:[(Order@48 expr:(ColumnRef@48 parts:["a"])) (Order@51 expr:(ColumnRef@51 parts:["b"]))]))

SELECT a FROM t WHERE b GROUP BY a, (a, b), ROLLUP (c, (d, e)), GROUPING SETS ((), (a)) HAVING c ORDER BY 1 DESC, b USING < NULLS FIRST
----
(Select query:(Query@8 body:(Select@8 items:[(SelectItem@8 expr:(ColumnRef@8 parts:["a"]))] from:[(Table@15 name:"t")] where:(ColumnRef@23 parts:["b"]) groupby:[
        (GroupItem@34 expr expr:(ColumnRef@34 parts:["a"]))
        (GroupItem@37 expr expr:(Row@37 elems:[(ColumnRef@38 parts:["a"]) (ColumnRef@41 parts:["b"])]))
        (GroupItem@45 rollup items:[
            (GroupItem@53 expr expr:(ColumnRef@53 parts:["c"]))
            (GroupItem@56 expr expr:(Row@56 elems:[(ColumnRef@57 parts:["d"]) (ColumnRef@60 parts:["e"])]))])
        (GroupItem@65 sets items:[(GroupItem@80 empty) (GroupItem@85 expr expr:(ColumnRef@85 parts:["a"]))])] having:(ColumnRef@96 parts:["c"])) orderby:[
      (Order@107 expr:(Const@107 int text:"1") desc)
      (Order@115 expr:(ColumnRef@115 parts:["b"]) first using:"<")]))

SELECT a FROM t LIMIT 10 OFFSET $1
----
(Select query:(Query@8 body:(Select@8 items:[(SelectItem@8 expr:(ColumnRef@8 parts:["a"]))] from:[(Table@15 name:"t")]) limit:(Const@23 int text:"10") offset:(Param@33 n:1)))

SELECT a FROM t LIMIT ALL
----
(Select query:(Query@8 body:(Select@8 items:[(SelectItem@8 expr:(ColumnRef@8 parts:["a"]))] from:[(Table@15 name:"t")])))

SELECT a FROM t LIMIT 1 + 1
----
(Select query:(Query@8 body:(Select@8 items:[(SelectItem@8 expr:(ColumnRef@8 parts:["a"]))] from:[(Table@15 name:"t")]) limit:(Op@25 name:"+" args:[(Const@23 int text:"1") (Const@27 int text:"1")])))

SELECT a FROM t ORDER BY a FETCH FIRST 3 ROWS WITH TIES
----
(Select query:(Query@8 body:(Select@8 items:[(SelectItem@8 expr:(ColumnRef@8 parts:["a"]))] from:[(Table@15 name:"t")]) orderby:[(Order@26 expr:(ColumnRef@26 parts:["a"]))] limit:(Const@40 int text:"3") withties))

SELECT a FROM t FOR UPDATE OF t SKIP LOCKED
----
(Select query:(Query@8 body:(Select@8 items:[(SelectItem@8 expr:(ColumnRef@8 parts:["a"]))] from:[(Table@15 name:"t")]) locking:[(Locking strength:"UPDATE" of:["t"] wait:"SKIP LOCKED")]))

SELECT 1 UNION SELECT 2 UNION ALL SELECT 3 INTERSECT SELECT 4
----
(Select query:(Query body:(SetOp union all left:(Query body:(SetOp union left:(Query@8 body:(Select@8 items:[(SelectItem@8 expr:(Const@8 int text:"1"))])) right:(Query@23 body:(Select@23 items:[(SelectItem@23 expr:(Const@23 int text:"2"))])))) right:(Query body:(SetOp intersect left:(Query@42 body:(Select@42 items:[(SelectItem@42 expr:(Const@42 int text:"3"))])) right:(Query@61 body:(Select@61 items:[(SelectItem@61 expr:(Const@61 int text:"4"))])))))))

((SELECT 1)) UNION ((SELECT 2)) ORDER BY 1
----
(Select query:(Query body:(SetOp union left:(Query@10 body:(Select@10 items:[(SelectItem@10 expr:(Const@10 int text:"1"))])) right:(Query@29 body:(Select@29 items:[(SelectItem@29 expr:(Const@29 int text:"2"))]))) orderby:[(Order@42 expr:(Const@42 int text:"1"))]))

(SELECT 1 LIMIT 1) ORDER BY 1
----
(Select query:(Query@9 body:(Select@9 items:[(SelectItem@9 expr:(Const@9 int text:"1"))]) orderby:[(Order@29 expr:(Const@29 int text:"1"))] limit:(Const@17 int text:"1")))

VALUES (1, DEFAULT), (2, 'x')
----
(Select query:(Query@9 body:(Values@9 rows:[
        [(Const@9 int text:"1") (Keyword@12 name:"default" precision:-1)]
        [(Const@23 int text:"2") (Const@26 string text:"x")]])))

TABLE t
----
(Select query:(Query@1 body:(Select@1 items:[(SelectItem@1 star)] from:[(Table@7 name:"t")])))

WITH RECURSIVE a (x) AS (SELECT 1), b AS NOT MATERIALIZED (SELECT 2) SELECT 3
----
(Select query:(Query@77 with:[
      (CTE@16 name:"a" columns:["x"] query:(Query@33 body:(Select@33 items:[(SelectItem@33 expr:(Const@33 int text:"1"))])))
      (CTE@37 name:"b" query:(Query@67 body:(Select@67 items:[(SelectItem@67 expr:(Const@67 int text:"2"))])) never)] recursive body:(Select@77 items:[(SelectItem@77 expr:(Const@77 int text:"3"))])))

SELECT FROM a JOIN b ON x LEFT JOIN c USING (y, z) AS j CROSS JOIN d NATURAL FULL JOIN e
----
(Select query:(Query body:(Select from:[
        (Join@70 full left:(Join@57 cross left:(Join@39 left left:(Join@25 inner left:(Table@13 name:"a") right:(Table@20 name:"b") on:(ColumnRef@25 parts:["x"])) right:(Table@37 name:"c") using:["y" "z"] usingalias:"j") right:(Table@68 name:"d")) right:(Table@88 name:"e") natural)])))

SELECT FROM a JOIN b JOIN c ON x ON y
----
(Select query:(Query body:(Select from:[
        (Join@37 inner left:(Table@13 name:"a") right:(Join@32 inner left:(Table@20 name:"b") right:(Table@27 name:"c") on:(ColumnRef@32 parts:["x"])) on:(ColumnRef@37 parts:["y"]))])))

SELECT FROM (a JOIN b ON x) AS j (k)
----
(Select query:(Query body:(Select from:[
        (Join@26 inner left:(Table@14 name:"a") right:(Table@21 name:"b") on:(ColumnRef@26 parts:["x"]) alias:(Alias name:"j" columns:["k"]))])))

SELECT FROM (SELECT 1) AS s (a), LATERAL (SELECT 2) t, (VALUES (1)) v
----
(Select query:(Query body:(Select from:[
        (SubQuery@13 query:(Query@21 body:(Select@21 items:[(SelectItem@21 expr:(Const@21 int text:"1"))])) alias:(Alias name:"s" columns:["a"]))
        (SubQuery@34 query:(Query@50 body:(Select@50 items:[(SelectItem@50 expr:(Const@50 int text:"2"))])) lateral alias:(Alias name:"t"))
        (SubQuery@56 query:(Query@65 body:(Values@65 rows:[[(Const@65 int text:"1")]])) alias:(Alias name:"v"))])))

SELECT FROM f(1) WITH ORDINALITY AS g (a, b), LATERAL h(), ROWS FROM (f(1), g(2)) x, j() AS (a int, b text)
----
(Select query:(Query body:(Select from:[
        (Function@13 calls:[(Call@13 name:"f" args:[(Arg expr:(Const@15 int text:"1"))])] ordinality alias:(Alias name:"g" columns:["a" "b"]))
        (Function@47 calls:[(Call@55 name:"h")] lateral)
        (Function@60 calls:[
            (Call@71 name:"f" args:[(Arg expr:(Const@73 int text:"1"))])
            (Call@77 name:"g" args:[(Arg expr:(Const@79 int text:"2"))])] rowsfrom alias:(Alias name:"x"))
        (Function@86 calls:[(Call@86 name:"j")] columns:[
            (ColumnDef name:"a" type:(TypeName@96 schema:"pg_catalog" name:"int4"))
            (ColumnDef name:"b" type:(TypeName@103 name:"text"))])])))

SELECT a.b.c.d FROM x.y.z TABLESAMPLE system (10)
----
(Select query:(Query@8 body:(Select@8 items:[(SelectItem@8 expr:(ColumnRef@8 parts:["a" "b" "c" "d"]))] from:[(Table@21 catalog:"x" schema:"y" name:"z" sample)])))

SELECT 1 INTO t
----
(Select query:(Query@8 body:(Select@8 items:[(SelectItem@8 expr:(Const@8 int text:"1"))])) into:(Name@15 name:"t"))

SELECT a FROM t WHERE a = 1; ; SELECT 2;
----
(Select query:(Query@8 body:(Select@8 items:[(SelectItem@8 expr:(ColumnRef@8 parts:["a"]))] from:[(Table@15 name:"t")] where:(Op@25 name:"=" args:[(ColumnRef@23 parts:["a"]) (Const@27 int text:"1")]))))
(Select query:(Query@39 body:(Select@39 items:[(SelectItem@39 expr:(Const@39 int text:"2"))])))

 ;
----
(nothing)
