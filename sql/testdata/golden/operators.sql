SELECT a + b * c - d
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Op@18 name:"-" args:[
              (Op@10 name:"+" args:[
                  (ColumnRef@8 parts:["a"])
                  (Op@14 name:"*" args:[(ColumnRef@12 parts:["b"]) (ColumnRef@16 parts:["c"])])])
              (ColumnRef@20 parts:["d"])]))])))

SELECT a || b + c
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Op@10 name:"||" args:[
              (ColumnRef@8 parts:["a"])
              (Op@15 name:"+" args:[(ColumnRef@13 parts:["b"]) (ColumnRef@17 parts:["c"])])]))])))

SELECT a OR b AND c AND NOT d OR e
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Or@10 args:[
              (ColumnRef@8 parts:["a"])
              (And@15 args:[(ColumnRef@13 parts:["b"]) (ColumnRef@19 parts:["c"]) (Not@25 x:(ColumnRef@29 parts:["d"]))])
              (ColumnRef@34 parts:["e"])]))])))

SELECT a = b AND c <> d AND e <= 1
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(And@14 args:[
              (Op@10 name:"=" args:[(ColumnRef@8 parts:["a"]) (ColumnRef@12 parts:["b"])])
              (Op@20 name:"<>" args:[(ColumnRef@18 parts:["c"]) (ColumnRef@23 parts:["d"])])
              (Op@31 name:"<=" args:[(ColumnRef@29 parts:["e"]) (Const@34 int text:"1")])]))])))

SELECT ~ a + b, a @> b, a OPERATOR(pg_catalog.+) b
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Op@8 name:"~" args:[(Op@12 name:"+" args:[(ColumnRef@10 parts:["a"]) (ColumnRef@14 parts:["b"])])]))
        (SelectItem@17 expr:(Op@19 name:"@>" args:[(ColumnRef@17 parts:["a"]) (ColumnRef@22 parts:["b"])]))
        (SelectItem@25 expr:(Op@27 schema:"pg_catalog" name:"+" args:[(ColumnRef@25 parts:["a"]) (ColumnRef@50 parts:["b"])]))])))

SELECT a IS NULL, a NOTNULL, a IS NOT TRUE, a IS UNKNOWN, a IS NOT NFC NORMALIZED
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(IsTest@10 x:(ColumnRef@8 parts:["a"]) null))
        (SelectItem@19 expr:(IsTest@21 x:(ColumnRef@19 parts:["a"]) null negated))
        (SelectItem@30 expr:(IsTest@32 x:(ColumnRef@30 parts:["a"]) true negated))
        (SelectItem@45 expr:(IsTest@47 x:(ColumnRef@45 parts:["a"]) unknown))
        (SelectItem@59 expr:(IsTest@61 x:(ColumnRef@59 parts:["a"]) normalized negated form:"NFC"))])))

SELECT a IS DISTINCT FROM b, a IS NOT DISTINCT FROM b, NOT (a IS NOT DISTINCT FROM b)
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Distinct@10 left:(ColumnRef@8 parts:["a"]) right:(ColumnRef@27 parts:["b"])))
        (SelectItem@30 expr:(Distinct@32 left:(ColumnRef@30 parts:["a"]) right:(ColumnRef@53 parts:["b"]) negated))
        (SelectItem@56 expr:(Not@56 x:(Distinct@63 left:(ColumnRef@61 parts:["a"]) right:(ColumnRef@84 parts:["b"]) negated)))])))

SELECT a LIKE b, a NOT ILIKE b, a LIKE b ESCAPE '!', a NOT SIMILAR TO b
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Like@10 like x:(ColumnRef@8 parts:["a"]) pattern:(ColumnRef@15 parts:["b"])))
        (SelectItem@18 expr:(Like@20 ilike negated x:(ColumnRef@18 parts:["a"]) pattern:(ColumnRef@30 parts:["b"])))
        (SelectItem@33 expr:(Like@35 like x:(ColumnRef@33 parts:["a"]) pattern:(ColumnRef@40 parts:["b"]) escape:(Const@49 string text:"!")))
        (SelectItem@54 expr:(Like@56 similar negated x:(ColumnRef@54 parts:["a"]) pattern:(ColumnRef@71 parts:["b"])))])))

SELECT a BETWEEN 1 AND 2, a NOT BETWEEN SYMMETRIC 1 AND 2
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Between@10 x:(ColumnRef@8 parts:["a"]) low:(Const@18 int text:"1") high:(Const@24 int text:"2")))
        (SelectItem@27 expr:(Between@29 x:(ColumnRef@27 parts:["a"]) low:(Const@51 int text:"1") high:(Const@57 int text:"2") symmetric negated))])))

SELECT a IN (1, 2), a NOT IN (SELECT 1), (a, b) IN ((1, 2)), a IN ((SELECT 1)), a IN ((SELECT 1), 2)
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(InList@10 x:(ColumnRef@8 parts:["a"]) list:[(Const@14 int text:"1") (Const@17 int text:"2")]))
        (SelectItem@21 expr:(InQuery@23 x:(ColumnRef@21 parts:["a"]) query:(Query@38 body:(Select@38 items:[(SelectItem@38 expr:(Const@38 int text:"1"))])) negated))
        (SelectItem@42 expr:(InList@49 x:(Row@42 elems:[(ColumnRef@43 parts:["a"]) (ColumnRef@46 parts:["b"])]) list:[(Row@53 elems:[(Const@54 int text:"1") (Const@57 int text:"2")])]))
        (SelectItem@62 expr:(InQuery@64 x:(ColumnRef@62 parts:["a"]) query:(Query@76 body:(Select@76 items:[(SelectItem@76 expr:(Const@76 int text:"1"))]))))
        (SelectItem@81 expr:(InList@83 x:(ColumnRef@81 parts:["a"]) list:[
              (ScalarQuery@87 query:(Query@95 body:(Select@95 items:[(SelectItem@95 expr:(Const@95 int text:"1"))])))
              (Const@99 int text:"2")]))])))

SELECT a = ANY ($1), a <> ALL (SELECT 1), a LIKE ANY (b), a NOT LIKE ALL (b)
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Quantified@10 x:(ColumnRef@8 parts:["a"]) op:"=" array:(Param@17 n:1)))
        (SelectItem@22 expr:(Quantified@24 x:(ColumnRef@22 parts:["a"]) op:"<>" all query:(Query@39 body:(Select@39 items:[(SelectItem@39 expr:(Const@39 int text:"1"))]))))
        (SelectItem@43 expr:(Quantified@45 x:(ColumnRef@43 parts:["a"]) op:"~~" array:(ColumnRef@55 parts:["b"])))
        (SelectItem@59 expr:(Quantified@61 x:(ColumnRef@59 parts:["a"]) op:"!~~" all array:(ColumnRef@75 parts:["b"])))])))

SELECT a::int, CAST(a AS numeric(10, 2)), a::text[], a::timestamptz
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Cast@9 x:(ColumnRef@8 parts:["a"]) type:(TypeName@11 schema:"pg_catalog" name:"int4")))
        (SelectItem@16 expr:(Cast@16 x:(ColumnRef@21 parts:["a"]) type:(TypeName@26 schema:"pg_catalog" name:"numeric" mods:[10 2])))
        (SelectItem@43 expr:(Cast@44 x:(ColumnRef@43 parts:["a"]) type:(TypeName@46 name:"text" arraydims:1)))
        (SelectItem@54 expr:(Cast@55 x:(ColumnRef@54 parts:["a"]) type:(TypeName@57 name:"timestamptz")))])))

SELECT a AT TIME ZONE 'UTC', a COLLATE "C"
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(AtTimeZone@10 x:(ColumnRef@8 parts:["a"]) zone:(Const@23 string text:"UTC")))
        (SelectItem@30 expr:(Collate@32 x:(ColumnRef@30 parts:["a"]) name:["C"]))])))

SELECT a[1], a[1][2], a[1:2], a[:], (a).b, (a).*, (f(x)).y[1], $1[1]
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Subscript@9 x:(ColumnRef@8 parts:["a"]) indexes:[(Index upper:(Const@10 int text:"1"))]))
        (SelectItem@14 expr:(Subscript@15 x:(ColumnRef@14 parts:["a"]) indexes:[(Index upper:(Const@16 int text:"1")) (Index upper:(Const@19 int text:"2"))]))
        (SelectItem@23 expr:(Subscript@24 x:(ColumnRef@23 parts:["a"]) indexes:[(Index slice lower:(Const@25 int text:"1") upper:(Const@27 int text:"2"))]))
        (SelectItem@31 expr:(Subscript@32 x:(ColumnRef@31 parts:["a"]) indexes:[(Index slice)]))
        (SelectItem@38 expr:(Field@41 x:(ColumnRef@38 parts:["a"]) name:"b"))
        (SelectItem@45 expr:(Expand@47 x:(ColumnRef@45 parts:["a"])))
        (SelectItem@52 expr:(Subscript@59 x:(Field@58 x:(Call@52 name:"f" args:[(Arg expr:(ColumnRef@54 parts:["x"]))]) name:"y") indexes:[(Index upper:(Const@60 int text:"1"))]))
        (SelectItem@64 expr:(Subscript@66 x:(Param@64 n:1) indexes:[(Index upper:(Const@67 int text:"1"))]))])))

SELECT x[1].y[2]
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Subscript@14 x:(Field@13 x:(Subscript@9 x:(ColumnRef@8 parts:["x"]) indexes:[(Index upper:(Const@10 int text:"1"))]) name:"y") indexes:[(Index upper:(Const@15 int text:"2"))]))])))
