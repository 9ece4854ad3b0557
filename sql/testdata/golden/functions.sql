SELECT f(), s.f(1), count(*), count(DISTINCT a), sum(a ORDER BY b DESC NULLS LAST)
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Call@8 name:"f"))
        (SelectItem@13 expr:(Call@13 schema:"s" name:"f" args:[(Arg expr:(Const@17 int text:"1"))]))
        (SelectItem@21 expr:(Call@21 name:"count" star))
        (SelectItem@31 expr:(Call@31 name:"count" args:[(Arg expr:(ColumnRef@46 parts:["a"]))] distinct))
        (SelectItem@50 expr:(Call@50 name:"sum" args:[(Arg expr:(ColumnRef@54 parts:["a"]))] orderby:[(Order@65 expr:(ColumnRef@65 parts:["b"]) desc last)]))])))

SELECT f(VARIADIC a), f(x => 1, y := 2)
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Call@8 name:"f" args:[(Arg expr:(ColumnRef@19 parts:["a"]) variadic)]))
        (SelectItem@23 expr:(Call@23 name:"f" args:[(Arg expr:(Const@30 int text:"1") name:"x") (Arg expr:(Const@38 int text:"2") name:"y")]))])))

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FILTER (WHERE b)
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Call@8 name:"percentile_cont" args:[(Arg expr:(Const@24 numeric text:"0.5"))] orderby:[(Order@52 expr:(ColumnRef@52 parts:["a"]))] within filter:(ColumnRef@69 parts:["b"])))])))

SELECT sum(a) OVER w, rank() OVER (PARTITION BY a ORDER BY b), sum(a) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM t WINDOW w AS (ORDER BY c)
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Call@8 name:"sum" args:[(Arg expr:(ColumnRef@12 parts:["a"]))] over:(Window name:"w")))
        (SelectItem@23 expr:(Call@23 name:"rank" over:(Window partitionby:[(ColumnRef@49 parts:["a"])] orderby:[(Order@60 expr:(ColumnRef@60 parts:["b"]))])))
        (SelectItem@64 expr:(Call@64 name:"sum" args:[(Arg expr:(ColumnRef@68 parts:["a"]))] over:(Window base:"w" frame:(Frame rows start:(Bound preceding offset:(Const@92 int text:"1")) end:(Bound current-row) exclude:"TIES"))))] from:[(Table@139 name:"t")] windows:[(Window name:"w" orderby:[(Order@163 expr:(ColumnRef@163 parts:["c"]))])])))

SELECT extract(year FROM a), position('a' IN b), substring(a FROM 1 FOR 2), substring(a FOR 2), trim(LEADING 'x' FROM a), overlay(a PLACING b FROM 1)
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Call@8 schema:"pg_catalog" name:"extract" args:[(Arg expr:(Const@16 string text:"year")) (Arg expr:(ColumnRef@26 parts:["a"]))]))
        (SelectItem@30 expr:(Call@30 schema:"pg_catalog" name:"position" args:[(Arg expr:(ColumnRef@46 parts:["b"])) (Arg expr:(Const@39 string text:"a"))]))
        (SelectItem@50 expr:(Call@50 schema:"pg_catalog" name:"substring" args:[
              (Arg expr:(ColumnRef@60 parts:["a"]))
              (Arg expr:(Const@67 int text:"1"))
              (Arg expr:(Const@73 int text:"2"))]))
        (SelectItem@77 expr:(Call@77 schema:"pg_catalog" name:"substring" args:[
              (Arg expr:(ColumnRef@87 parts:["a"]))
              (Arg expr:(Const@77 int text:"1"))
              (Arg expr:(Cast@77 x:(Const@93 int text:"2") type:(TypeName@77 schema:"pg_catalog" name:"int4")))]))
        (SelectItem@97 expr:(Call@97 schema:"pg_catalog" name:"ltrim" args:[(Arg expr:(ColumnRef@119 parts:["a"])) (Arg expr:(Const@110 string text:"x"))]))
        (SelectItem@123 expr:(Call@123 schema:"pg_catalog" name:"overlay" args:[
              (Arg expr:(ColumnRef@131 parts:["a"]))
              (Arg expr:(ColumnRef@141 parts:["b"]))
              (Arg expr:(Const@148 int text:"1"))]))])))

SELECT coalesce(a, b), nullif(a, b), greatest(a, b), grouping(a, b)
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(SQLFunc@8 name:"coalesce" args:[(ColumnRef@17 parts:["a"]) (ColumnRef@20 parts:["b"])]))
        (SelectItem@24 expr:(SQLFunc@24 name:"nullif" args:[(ColumnRef@31 parts:["a"]) (ColumnRef@34 parts:["b"])]))
        (SelectItem@38 expr:(SQLFunc@38 name:"greatest" args:[(ColumnRef@47 parts:["a"]) (ColumnRef@50 parts:["b"])]))
        (SelectItem@54 expr:(SQLFunc@54 name:"grouping" args:[(ColumnRef@63 parts:["a"]) (ColumnRef@66 parts:["b"])]))])))

SELECT current_date, current_timestamp(3), user, current_schema, current_schema()
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Keyword@8 name:"current_date" precision:-1))
        (SelectItem@22 expr:(Keyword@22 name:"current_timestamp" precision:3))
        (SelectItem@44 expr:(Keyword@44 name:"user" precision:-1))
        (SelectItem@50 expr:(Keyword@50 name:"current_schema" precision:-1))
        (SelectItem@66 expr:(Call@66 name:"current_schema"))])))

SELECT CASE a WHEN 1 THEN 2 ELSE 3 END, CASE WHEN a THEN 1 END
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Case@8 operand:(ColumnRef@13 parts:["a"]) whens:[(When cond:(Const@20 int text:"1") result:(Const@27 int text:"2"))] else:(Const@34 int text:"3")))
        (SelectItem@41 expr:(Case@41 whens:[(When cond:(ColumnRef@51 parts:["a"]) result:(Const@58 int text:"1"))]))])))

SELECT ARRAY[1, 2], ARRAY[[1], [2]], ARRAY(SELECT 1), ROW(1, 2), (1, 2), ROW()
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Array@8 elems:[(Const@14 int text:"1") (Const@17 int text:"2")]))
        (SelectItem@21 expr:(Array@21 elems:[(Array@27 elems:[(Const@28 int text:"1")]) (Array@32 elems:[(Const@33 int text:"2")])]))
        (SelectItem@38 expr:(ArrayQuery@38 query:(Query@51 body:(Select@51 items:[(SelectItem@51 expr:(Const@51 int text:"1"))]))))
        (SelectItem@55 expr:(Row@55 elems:[(Const@59 int text:"1") (Const@62 int text:"2")] explicit))
        (SelectItem@66 expr:(Row@66 elems:[(Const@67 int text:"1") (Const@70 int text:"2")]))
        (SelectItem@74 expr:(Row@74 explicit))])))

SELECT EXISTS (SELECT 1), NOT EXISTS (SELECT 1), (SELECT 1)
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Exists@8 query:(Query@23 body:(Select@23 items:[(SelectItem@23 expr:(Const@23 int text:"1"))]))))
        (SelectItem@27 expr:(Not@27 x:(Exists@31 query:(Query@46 body:(Select@46 items:[(SelectItem@46 expr:(Const@46 int text:"1"))])))))
        (SelectItem@50 expr:(ScalarQuery@50 query:(Query@58 body:(Select@58 items:[(SelectItem@58 expr:(Const@58 int text:"1"))]))))])))
