EXPLAIN SELECT 1
----
(Explain statement:(Select query:(Query@16 body:(Select@16 items:[(SelectItem@16 expr:(Const@16 int text:"1"))]))))

EXPLAIN ANALYZE VERBOSE SELECT 1
----
(Explain options:[(Option name:"analyze") (Option name:"verbose")] analyze verbose statement:(Select query:(Query@32 body:(Select@32 items:[(SelectItem@32 expr:(Const@32 int text:"1"))]))))

EXPLAIN (ANALYZE, COSTS off, FORMAT json) SELECT 1
----
(Explain options:[
    (Option@10 name:"analyze")
    (Option@19 name:"costs" value:"off" hasvalue word)
    (Option@30 name:"format" value:"json" hasvalue word)] analyze statement:(Select query:(Query@50 body:(Select@50 items:[(SelectItem@50 expr:(Const@50 int text:"1"))]))))

EXPLAIN (SELECT 1)
----
(Explain statement:(Select query:(Query@17 body:(Select@17 items:[(SelectItem@17 expr:(Const@17 int text:"1"))]))))

EXPLAIN ANALYZE MATERIALIZED VIEW s.v
----
(Explain options:[(Option name:"analyze")] analyze view:(Name@35 schema:"s" name:"v"))

SUBSCRIBE v; SUBSCRIBE TO s.v; SUBSCRIBE (SELECT 1); SUBSCRIBE SELECT a FROM t
----
(Subscribe@1 table:(Name@11 name:"v"))
(Subscribe@14 table:(Name@27 schema:"s" name:"v"))
(Subscribe@32 query:(Query@50 body:(Select@50 items:[(SelectItem@50 expr:(Const@50 int text:"1"))])))
(Subscribe@54 query:(Query@71 body:(Select@71 items:[(SelectItem@71 expr:(ColumnRef@71 parts:["a"]))] from:[(Table@78 name:"t")])))

SUBSCRIBE v WITH (PROGRESS, SNAPSHOT = false) AS OF 4711 UP TO 5000
----
(Subscribe@1 table:(Name@11 name:"v") options:[(Option@19 name:"progress") (Option@29 name:"snapshot" value:"false" hasvalue word)] asof:(Const@53 int text:"4711") upto:(Const@64 int text:"5000"))

SUBSCRIBE v ENVELOPE UPSERT (KEY (id))
----
(Subscribe@1 table:(Name@11 name:"v") rest:"ENVELOPE UPSERT (KEY (id))")

COPY t FROM STDIN; COPY s.t (a, b) TO STDOUT WITH (FORMAT csv, HEADER, DELIMITER ';', FORCE_QUOTE (a, b), FORCE_NULL *)
----
(Copy@1 table:(Name@6 name:"t") from stdio)
(Copy@20 table:(Name@25 schema:"s" name:"t") columns:["a" "b"] stdio options:[
    (Option@52 name:"format" value:"csv" hasvalue word)
    (Option@64 name:"header")
    (Option@72 name:"delimiter" value:";" hasvalue)
    (Option@87 name:"force_quote" list:["a" "b"])
    (Option@107 name:"force_null" list:["*"])])

COPY t FROM '/file' WITH CSV HEADER DELIMITER AS ',' QUOTE '"' NULL AS '' FORCE NOT NULL a, b WHERE a > 1
----
(Copy@1 table:(Name@6 name:"t") from file target:"/file" options:[
    (Option name:"format" value:"csv" hasvalue)
    (Option name:"header")
    (Option name:"delimiter" value:"," hasvalue)
    (Option name:"quote" value:"\"" hasvalue)
    (Option name:"null" hasvalue)
    (Option name:"force_not_null" list:["a" "b"])] where:(Op@103 name:">" args:[(ColumnRef@101 parts:["a"]) (Const@105 int text:"1")]))

COPY BINARY t TO PROGRAM 'cat'; COPY (SELECT 1) TO STDOUT; COPY (SUBSCRIBE v WITH (SNAPSHOT)) TO STDOUT
----
(Copy@1 table:(Name@13 name:"t") program target:"cat" options:[(Option name:"format" value:"binary" hasvalue)])
(Copy@33 statement:(Select query:(Query@46 body:(Select@46 items:[(SelectItem@46 expr:(Const@46 int text:"1"))]))) stdio)
(Copy@60 statement:(Subscribe@66 table:(Name@76 name:"v") options:[(Option@84 name:"snapshot")]) stdio)

PREPARE p (int, text) AS SELECT $1; EXECUTE p (1, 'x'); DEALLOCATE PREPARE p; DEALLOCATE ALL
----
(Prepare name:"p" types:[(TypeName@12 schema:"pg_catalog" name:"int4") (TypeName@17 name:"text")] statement:(Select query:(Query@33 body:(Select@33 items:[(SelectItem@33 expr:(Param@33 n:1))]))) text:"SELECT $1")
(Execute name:"p" args:[(Const@48 int text:"1") (Const@51 string text:"x")])
(Deallocate name:"p")
(Deallocate)

DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT 1; DECLARE d CURSOR FOR SUBSCRIBE v
----
(Declare name:"c" scroll:false hold statement:(Select query:(Query@49 body:(Select@49 items:[(SelectItem@49 expr:(Const@49 int text:"1"))]))) text:"SELECT 1")
(Declare name:"d" statement:(Subscribe@73 table:(Name@83 name:"v")) text:"SUBSCRIBE v")

FETCH c; FETCH 10 FROM c; FETCH FORWARD ALL FROM c; FETCH PRIOR IN c; FETCH ABSOLUTE -1 c; MOVE BACKWARD 2 FROM c; CLOSE c; CLOSE ALL; FETCH 5 c WITH (timeout = '1s')
----
(Fetch cursor:"c" forward count:1)
(Fetch cursor:"c" forward count:10)
(Fetch cursor:"c" forward count:1 all)
(Fetch cursor:"c" backward count:1)
(Fetch cursor:"c" absolute count:-1)
(Fetch cursor:"c" move backward count:2)
(Close cursor:"c")
(Close)
(Fetch cursor:"c" forward count:5 options:[(Option@152 name:"timeout" value:"1s" hasvalue)])

ANALYZE; VACUUM (ANALYZE) t; VACUUM FULL t, u; CHECKPOINT; REINDEX TABLE t
----
(Maintenance verb:"ANALYZE")
(Maintenance verb:"VACUUM" tables:[(Name@27 name:"t")])
(Maintenance verb:"VACUUM" tables:[(Name@42 name:"t") (Name@45 name:"u")])
(Maintenance verb:"CHECKPOINT")
(Maintenance verb:"REINDEX" object:"TABLE" tables:[(Name@74 name:"t")])

DO $$ BEGIN END $$; CALL f(1)
----
(Do language:"plpgsql" code:" BEGIN END ")
(Call call:(Call@26 name:"f" args:[(Arg expr:(Const@28 int text:"1"))]))

MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE
----
(Unsupported@1 verb:"MERGE")
