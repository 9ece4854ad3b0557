INSERT INTO t VALUES (1, 'a', NULL, TRUE, DEFAULT, $1, -2.5, now(), X'1F')
----
(Insert table:(Name@13 name:"t") values:(Values width:9 cells:[
      (Cell@23 text:"1" int)
      (Cell@26 text:"a" string)
      (Cell@31 null)
      (Cell@37 text:"true" bool)
      (Cell@43 default)
      (Cell@52 n:1 param)
      (Cell@56 text:"-2.5" numeric)
      (Cell@62 expr)
      (Cell@69 text:"x1F" bits)] exprs:[(Call@62 name:"now")]))

INSERT INTO s.t AS x (a, b) VALUES (1, 2), ( - 3, 'x'::text) RETURNING *, a AS y
----
(Insert table:(Name@13 schema:"s" name:"t") alias:"x" columns:[(ColumnTarget@23 name:"a") (ColumnTarget@26 name:"b")] values:(Values width:2 cells:[(Cell@37 text:"1" int) (Cell@40 text:"2" int) (Cell@46 text:"-3" int) (Cell@51 expr)] exprs:[(Cast@54 x:(Const@51 string text:"x") type:(TypeName@56 name:"text"))]) returning:[(SelectItem@72 star) (SelectItem@75 expr:(ColumnRef@75 parts:["a"]) alias:"y")])

INSERT INTO t (a) SELECT 1
----
(Insert table:(Name@13 name:"t") columns:[(ColumnTarget@16 name:"a")] query:(Query@26 body:(Select@26 items:[(SelectItem@26 expr:(Const@26 int text:"1"))])))

INSERT INTO t VALUES (1) ORDER BY 1
----
(Insert table:(Name@13 name:"t") query:(Query@23 body:(Values@23 rows:[[(Const@23 int text:"1")]]) orderby:[(Order@35 expr:(Const@35 int text:"1"))]))

INSERT INTO t DEFAULT VALUES
----
(Insert table:(Name@13 name:"t") defaultvalues)

INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING
----
(Insert table:(Name@13 name:"t") columns:[(ColumnTarget@16 name:"a")] values:(Values width:1 cells:[(Cell@27 text:"1" int)]) onconflict:(OnConflict@30 donothing))

INSERT INTO t (a) VALUES (1) ON CONFLICT (a, b) WHERE c DO UPDATE SET a = excluded.a, (b, c) = (1, DEFAULT) WHERE t.a > 1
----
(Insert table:(Name@13 name:"t") columns:[(ColumnTarget@16 name:"a")] values:(Values width:1 cells:[(Cell@27 text:"1" int)]) onconflict:(OnConflict@30 columns:["a" "b"] targetwhere:(ColumnRef@55 parts:["c"]) set:[
      (Assignment columns:[(ColumnTarget@71 name:"a")] expr:(ColumnRef@75 parts:["excluded" "a"]))
      (Assignment columns:[(ColumnTarget@88 name:"b") (ColumnTarget@91 name:"c")] row:[(Const@97 int text:"1") (Keyword@100 name:"default" precision:-1)] multi)] where:(Op@119 name:">" args:[(ColumnRef@115 parts:["t" "a"]) (Const@121 int text:"1")])))

INSERT INTO t VALUES (1) ON CONFLICT ON CONSTRAINT k DO NOTHING
----
(Insert table:(Name@13 name:"t") values:(Values width:1 cells:[(Cell@23 text:"1" int)]) onconflict:(OnConflict@26 constraint:"k" donothing))

INSERT INTO t (a) OVERRIDING SYSTEM VALUE VALUES (1)
----
(Insert table:(Name@13 name:"t") columns:[(ColumnTarget@16 name:"a")] overriding:"SYSTEM" values:(Values width:1 cells:[(Cell@51 text:"1" int)]))

WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x
----
(Insert with:(Query with:[
      (CTE@6 name:"x" query:(Query@19 body:(Select@19 items:[(SelectItem@19 expr:(Const@19 int text:"1"))])))] body:(Select)) table:(Name@34 name:"t") query:(Query@43 body:(Select@43 items:[(SelectItem@43 star)] from:[(Table@50 name:"x")])))

UPDATE t SET a = 1, b = DEFAULT, (c, d) = (SELECT 1, 2), (e, f) = ROW(1, 2) WHERE a = 1
----
(Update table:(Name@8 name:"t") set:[
    (Assignment columns:[(ColumnTarget@14 name:"a")] expr:(Const@18 int text:"1"))
    (Assignment columns:[(ColumnTarget@21 name:"b")] expr:(Keyword@25 name:"default" precision:-1))
    (Assignment columns:[(ColumnTarget@35 name:"c") (ColumnTarget@38 name:"d")] query:(Query@51 body:(Select@51 items:[(SelectItem@51 expr:(Const@51 int text:"1")) (SelectItem@54 expr:(Const@54 int text:"2"))])) multi)
    (Assignment columns:[(ColumnTarget@59 name:"e") (ColumnTarget@62 name:"f")] row:[(Const@71 int text:"1") (Const@74 int text:"2")] multi)] where:(Op@85 name:"=" args:[(ColumnRef@83 parts:["a"]) (Const@87 int text:"1")]))

UPDATE ONLY t AS x SET a = y.a FROM y JOIN z ON true WHERE x.id = y.id RETURNING x.*
----
(Update table:(Name@13 name:"t") only alias:"x" set:[(Assignment columns:[(ColumnTarget@24 name:"a")] expr:(ColumnRef@28 parts:["y" "a"]))] from:[(Join@49 inner left:(Table@37 name:"y") right:(Table@44 name:"z") on:(Const@49 bool text:"true"))] where:(Op@65 name:"=" args:[(ColumnRef@60 parts:["x" "id"]) (ColumnRef@67 parts:["y" "id"])]) returning:[(SelectItem@82 star qualifier:["x"])])

UPDATE t SET a[1] = 2
----
(Update table:(Name@8 name:"t") set:[(Assignment columns:[(ColumnTarget@14 name:"a" indirect)] expr:(Const@21 int text:"2"))])

UPDATE t SET (a, b) = 1
----
0A000@23: source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression

UPDATE t SET (a, b) = (1, 2, 3)
----
42601@23: number of columns does not match number of values

WITH x AS (SELECT 1) UPDATE t SET a = 1
----
(Update with:(Query with:[
      (CTE@6 name:"x" query:(Query@19 body:(Select@19 items:[(SelectItem@19 expr:(Const@19 int text:"1"))])))] body:(Select)) table:(Name@29 name:"t") set:[(Assignment columns:[(ColumnTarget@35 name:"a")] expr:(Const@39 int text:"1"))])

DELETE FROM t
----
(Delete table:(Name@13 name:"t"))

DELETE FROM t x USING u, v WHERE x.a = u.a RETURNING *
----
(Delete table:(Name@13 name:"t") alias:"x" using:[(Table@23 name:"u") (Table@26 name:"v")] where:(Op@38 name:"=" args:[(ColumnRef@34 parts:["x" "a"]) (ColumnRef@40 parts:["u" "a"])]) returning:[(SelectItem@54 star)])

DELETE FROM t WHERE CURRENT OF c
----
(Delete table:(Name@13 name:"t") currentof:"c")

TRUNCATE TABLE a, ONLY b RESTART IDENTITY CASCADE
----
(Truncate tables:[(Name@16 name:"a") (Name@24 name:"b")] restartidentity cascade)

WITH update AS (SELECT 1) SELECT * FROM update
----
(Select query:(Query@34 with:[
      (CTE@6 name:"update" query:(Query@24 body:(Select@24 items:[(SelectItem@24 expr:(Const@24 int text:"1"))])))] body:(Select@34 items:[(SelectItem@34 star)] from:[(Table@41 name:"update")])))
