-- Inputs that are refused, with what is said about them. Cases above the line "tarn" are compared with a real
-- PostgreSQL; below it are those that only Tarn refuses or words otherwise.

SELEC 1
----
42601@1: syntax error at or near "SELEC"

SELECT 1 +
----
42601@11: syntax error at end of input

SELECT * FORM t
----
42601@10: syntax error at or near "FORM"

SELECT a b c FROM t
----
42601@12: syntax error at or near "c"

SELECT FROM
----
42601@12: syntax error at end of input

SELECT (1
----
42601@10: syntax error at end of input

SELECT 1)
----
42601@9: syntax error at or near ")"

SELECT 'abc
----
42601@8: unterminated quoted string at or near "'abc"

SELECT "abc
----
42601@8: unterminated quoted identifier at or near ""abc"

SELECT ""
----
42601@8: zero-length delimited identifier at or near """"

SELECT E'\u12'
----
22025@10: invalid Unicode escape (Unicode escapes must be \uXXXX or \UXXXXXXXX.)

SELECT E'\ud800'
----
42601@16: invalid Unicode surrogate pair at or near "'"

SELECT U&'\12'
----
42601@11: invalid Unicode escape (Unicode escapes must be \XXXX or \+XXXXXX.)

SELECT U&'a' UESCAPE 'aa'
----
42601@22: invalid Unicode escape character at or near "'aa'"

SELECT $q$abc
----
42601@8: unterminated dollar-quoted string at or near "$q$abc"

SELECT /* open
----
42601@8: unterminated /* comment at or near "/* open"

SELECT 123abc
----
42601@8: trailing junk after numeric literal at or near "123abc"

SELECT 1e+
----
42601@8: trailing junk after numeric literal at or near "1e+"

SELECT $1a
----
42601@8: trailing junk after parameter at or near "$1a"

SELECT a = b = c
----
42601@14: syntax error at or near "="

SELECT a < b > c
----
42601@14: syntax error at or near ">"

SELECT a LIKE b LIKE c
----
42601@17: syntax error at or near "LIKE"

SELECT a BETWEEN 1 AND 2 BETWEEN 3 AND 4
----
42601@26: syntax error at or near "BETWEEN"

SELECT a IS DISTINCT FROM b IS DISTINCT FROM c
----
42601@29: syntax error at or near "IS"

SELECT a BETWEEN b AND
----
42601@23: syntax error at end of input

SELECT a BETWEEN NOT b AND c
----
42601@18: syntax error at or near "NOT"

SELECT a BETWEEN b IS NULL AND c
----
42601@23: syntax error at or near "NULL"

SELECT DISTINCT FROM t
----
42601@17: syntax error at or near "FROM"

SELECT DISTINCT ON a FROM t
----
42601@20: syntax error at or near "a"

SELECT * FROM (SELECT 1)
----
42601@15: subquery in FROM must have an alias (For example, FROM (SELECT ...) [AS] foo.)

SELECT * FROM (VALUES (1))
----
42601@15: VALUES in FROM must have an alias (For example, FROM (VALUES ...) [AS] foo.)

SELECT * FROM (t)
----
42601@17: syntax error at or near ")"

SELECT * FROM ((SELECT 1) x)
----
42601@28: syntax error at or near ")"

SELECT * FROM t JOIN u
----
42601@23: syntax error at end of input

SELECT * FROM t JOIN u ON
----
42601@26: syntax error at end of input

SELECT * FROM t NATURAL JOIN u ON true
----
42601@32: syntax error at or near "ON"

SELECT * FROM t CROSS JOIN u ON true
----
42601@30: syntax error at or near "ON"

SELECT 1 UNION
----
42601@15: syntax error at end of input

SELECT 1 LIMIT 1, 2
----
42601@10: LIMIT #,# syntax is not supported (Use separate LIMIT and OFFSET clauses.)

SELECT 1 LIMIT 1 LIMIT 2
----
42601@18: syntax error at or near "LIMIT"

(SELECT 1 ORDER BY 1) ORDER BY 2
----
42601@32: multiple ORDER BY clauses not allowed

(SELECT 1 LIMIT 1) LIMIT 2
----
42601@26: multiple LIMIT clauses not allowed

WITH a AS (SELECT 1) (WITH b AS (SELECT 2) SELECT 1)
----
42601@1: multiple WITH clauses not allowed

SELECT 1 FETCH FIRST 1 ROW WITH TIES
----
42601@0: WITH TIES cannot be specified without ORDER BY clause

SELECT 1 UNION SELECT 2 FOR UPDATE
----
0A000@0: FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT

VALUES (1), (2, 3)
----
42601@14: VALUES lists must all be the same length

VALUES ()
----
42601@9: syntax error at or near ")"

SELECT f(, 1)
----
42601@10: syntax error at or near ","

SELECT f(1,)
----
42601@12: syntax error at or near ")"

SELECT f(DISTINCT)
----
42601@18: syntax error at or near ")"

SELECT sum(1) OVER (ORDER BY 1 ROWS BETWEEN CURRENT ROW AND 1 PRECEDING)
----
42P20@61: frame starting from current row cannot have preceding rows

SELECT sum(1) OVER (ORDER BY 1 ROWS UNBOUNDED FOLLOWING)
----
42P20@37: frame start cannot be UNBOUNDED FOLLOWING

SELECT sum(1) OVER (ROWS 1 FOLLOWING)
----
42P20@26: frame starting from following row cannot end with current row

SELECT CASE END
----
42601@13: syntax error at or near "END"

SELECT CASE WHEN 1 END
----
42601@20: syntax error at or near "END"

SELECT a. , b
----
42601@11: syntax error at or near ","

SELECT (a).*.b[1] FROM t
----
42601@19: improper use of "*" at or near "FROM"

SELECT a.*.b FROM t
----
42601@14: improper use of "*" at or near "FROM"

SELECT CAST(1 AS)
----
42601@17: syntax error at or near ")"

SELECT 1::
----
42601@11: syntax error at end of input

SELECT x'1 FROM t
----
42601@8: unterminated hexadecimal string literal at or near "x'1 FROM t"

SELECT b'1
----
42601@8: unterminated bit string literal at or near "b'1"

SELECT a AS FROM t
----
42601@18: syntax error at or near "t"

SELECT user.a
----
42601@12: syntax error at or near "."

SELECT 1 WHERE
----
42601@15: syntax error at end of input

SELECT count(*) FILTER (1)
----
42601@25: syntax error at or near "1"

SELECT a FROM t ORDER
----
42601@22: syntax error at end of input

SELECT float(0) '1'
----
22023@14: precision for type float must be at least 1 bit

SELECT '1'::float(99)
----
22023@19: precision for type float must be less than 54 bits

SELECT EXTRACT(FROM x)
----
42601@16: syntax error at or near "FROM"

SELECT POSITION('a', 'b')
----
42601@20: syntax error at or near ","

SELECT nullif(1)
----
42601@16: syntax error at or near ")"

SELECT nullif(1, 2, 3)
----
42601@19: syntax error at or near ","

SELECT ARRAY[1, [2]]
----
42601@17: syntax error at or near "["

SELECT ARRAY[[1], 2]
----
42601@19: syntax error at or near "2"

SELECT a FROM a.b.c.d
----
42601@15: improper qualified name (too many dotted names): a.b.c.d

SELECT 日本 FROM t WHERE ! = 日
----
42601@26: syntax error at or near "="

SELECT '日本' x y
----
42601@15: syntax error at or near "y"

SELECT 'äöü
----
42601@8: unterminated quoted string at or near "'äöü"

SELECT 1; SELECT 2 2; SELECT 3
----
42601@20: syntax error at or near "2"

SELECT 1 ¡
----
(Select query:(Query@8 body:(Select@8 items:[(SelectItem@8 expr:(Const@8 int text:"1") alias:"¡")])))

SELECT @
----
42601@9: syntax error at end of input

INSERT t VALUES (1)
----
42601@8: syntax error at or near "t"

INSERT INTO t VALUES
----
42601@21: syntax error at end of input

INSERT INTO t VALUES (1), (1, 2)
----
42601@28: VALUES lists must all be the same length

INSERT INTO t (a, ) VALUES (1)
----
42601@19: syntax error at or near ")"

INSERT INTO t VALUES (1) ON CONFLICT DO UPDATE SET a = 1
----
42601@26: ON CONFLICT DO UPDATE requires inference specification or constraint name (For example, ON CONFLICT (column_name).)

INSERT INTO t VALUES (1) RETURNING
----
42601@35: syntax error at end of input

INSERT INTO t DEFAULT
----
42601@22: syntax error at end of input

UPDATE t a = 1
----
42601@12: syntax error at or near "="

UPDATE t SET
----
42601@13: syntax error at end of input

UPDATE t SET a
----
42601@15: syntax error at end of input

UPDATE t SET a = 1 WHERE
----
42601@25: syntax error at end of input

UPDATE SET a = 1
----
42601@14: syntax error at or near "="

DELETE t
----
42601@8: syntax error at or near "t"

DELETE FROM t WHERE WHERE
----
42601@21: syntax error at or near "WHERE"

CREATE TABLE
----
42601@13: syntax error at end of input

CREATE TABLE t
----
42601@15: syntax error at end of input

CREATE TABLE t (a)
----
42601@19: syntax error at end of input

CREATE TABLE t (a int,)
----
42601@23: syntax error at or near ")"

CREATE TABLE t (a int b int)
----
42601@23: syntax error at or near "b"

CREATE TABLE t (a int PRIMARY)
----
42601@30: syntax error at or near ")"

CREATE TABLE t (a int NOT NULL NULL)
----
42601@32: conflicting NULL/NOT NULL declarations for column "a" of table "t"

CREATE TABLE t (a int DEFAULT 1 DEFAULT 2)
----
42601@33: multiple default values specified for column "a" of table "t"

CREATE TABLE t (a int CHECK a > 1)
----
42601@29: syntax error at or near "a"

CREATE VIEW v
----
42601@14: syntax error at end of input

CREATE VIEW v AS
----
42601@17: syntax error at end of input

CREATE VIEW v AS INSERT INTO t VALUES (1)
----
42601@18: syntax error at or near "INSERT"

CREATE MATERIALIZED v AS SELECT 1
----
42601@21: syntax error at or near "v"

CREATE FOO bar
----
42601@8: syntax error at or near "FOO"

CREATE OR REPLACE TABLE t (a int)
----
42601@19: syntax error at or near "TABLE"

DROP
----
42601@5: syntax error at end of input

DROP TABLE
----
42601@11: syntax error at end of input

DROP TABLE IF t
----
42601@15: syntax error at or near "t"

DROP FOO t
----
42601@6: syntax error at or near "FOO"

ALTER TABLE t
----
42601@14: syntax error at end of input

BEGIN foo
----
42601@7: syntax error at or near "foo"

COMMIT foo
----
42601@8: syntax error at or near "foo"

SET
----
42601@4: syntax error at end of input

SET a
----
42601@6: syntax error at end of input

SET a =
----
42601@8: syntax error at end of input

SET a TO NULL
----
42601@10: syntax error at or near "NULL"

SHOW
----
42601@5: syntax error at end of input

COPY t
----
42601@7: syntax error at end of input

COPY t FROM
----
42601@12: syntax error at end of input

COPY t FROM STDOUTT
----
42601@13: syntax error at or near "STDOUTT"

COPY t TO STDOUT WHERE a > 1
----
42601@18: WHERE clause not allowed with COPY TO

EXPLAIN
----
42601@8: syntax error at end of input

EXPLAIN foo
----
42601@9: syntax error at or near "foo"

PREPARE p AS
----
42601@13: syntax error at end of input

EXECUTE
----
42601@8: syntax error at end of input

FETCH
----
42601@6: syntax error at end of input

DECLARE c CURSOR
----
42601@17: syntax error at end of input

FOO BAR
----
42601@1: syntax error at or near "FOO"

;;; SELECT
----
(Select query:(Query body:(Select)))

EXPLAIN (ANALYZE SELECT 1
----
42601@18: syntax error at or near "SELECT"

-- tarn

SELECT UNIQUE (SELECT 1)
----
0A000@8: UNIQUE predicate is not supported

WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x
----
0A000@12: a data-modifying statement in WITH is not supported

SELECT xmlelement(name a)
----
0A000@8: XML is not supported

SUBSCRIBE
----
42601@10: syntax error at end of input

SUBSCRIBE t WITH
----
42601@13: syntax error at or near "WITH"

CREATE STREAM s
----
42601@16: syntax error at end of input

SELECT a[1:2:3] FROM t
----
42601@13: syntax error at or near ":"

CREATE TABLE t (a t.b%TYPE)
----
42601@22: syntax error at or near "%"

SELECT $0
----
42P02@8: there is no parameter $0

SELECT $70000
----
42P02@8: there is no parameter $70000
