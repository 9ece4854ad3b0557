-- Queries whose meaning is compared with a real PostgreSQL: the original and the text printed back from the tree must
-- give the same plan and the same view. One query per line; the tables are those of TestMeaning.

SELECT 1
SELECT 1, 2.5, 1e10, .5, 'a''b', E'a\nb\u00e9', U&'d\0061t\+000061', U&'d!0061' UESCAPE '!', $$x$y$$, $q$a$$b$q$, B'101', X'1F', N'abc', true, false, NULL
SELECT 9223372036854775807, -9223372036854775808, 9223372036854775808, -2147483648, - -5, -(5), -5::int2
SELECT 'a' 
    'b'
SELECT a, t.a, public.t.a, t.*, public.t.* FROM t
SELECT *, a AS x, a y, a "select", a AS select FROM t AS u (a, b)
SELECT FROM t
SELECT t.* AS ignored FROM t
SELECT (t.*)::text, t::text, row(t.*), row_to_json(t.*) FROM t
SELECT a + b * c, (a + b) * c, a + b || c::text, a - b - c, a ^ b ^ c, -a ^ b, a % b / c FROM t
SELECT a | b & c # d << 2 >> 1, ~ a + b, @ a - b, a !~ 'x' FROM (SELECT 1 a, 2 b, 3 c, 4 d) q, LATERAL (SELECT 'x'::text a) z(z) WHERE z.z !~~ 'y'
SELECT a = b, a <> b, a != b, a < b, a <= b, a > b, a >= b FROM t
SELECT a OPERATOR(pg_catalog.+) b, OPERATOR(pg_catalog.-) a, s OPERATOR(pg_catalog.~) '^x' COLLATE pg_catalog."default" FROM t
SELECT NOT ok AND ok OR ok, ok AND ok AND NOT ok, (ok OR ok) AND ok, NOT a = b FROM t
SELECT a IS NULL, a IS NOT NULL, a ISNULL, a NOTNULL, ok IS TRUE, ok IS NOT TRUE, ok IS FALSE, ok IS NOT FALSE, ok IS UNKNOWN, ok IS NOT UNKNOWN FROM t
SELECT a IS DISTINCT FROM b, a IS NOT DISTINCT FROM b, NOT a IS DISTINCT FROM b, NOT a IS NOT DISTINCT FROM b FROM t
SELECT s IS NORMALIZED, s IS NOT NORMALIZED, s IS NFC NORMALIZED, s IS NOT NFKD NORMALIZED FROM t
SELECT s LIKE 'a%', s NOT LIKE 'a%', s ILIKE 'a', s NOT ILIKE 'a', s LIKE 'a!%' ESCAPE '!', s NOT ILIKE 'x' ESCAPE '', s SIMILAR TO '(a|b)', s NOT SIMILAR TO 'a' ESCAPE '!' FROM t
SELECT s LIKE ANY (ARRAY['a', 'b']), s NOT LIKE ALL (ARRAY['a']), s ILIKE SOME (ARRAY['a']), s NOT ILIKE ANY (SELECT s FROM t) FROM t
SELECT a BETWEEN 1 AND 2, a NOT BETWEEN 1 AND 2, a BETWEEN SYMMETRIC 2 AND 1, a NOT BETWEEN SYMMETRIC b AND c, a BETWEEN ASYMMETRIC b + 1 AND c + 1 AND ok FROM t
SELECT ok BETWEEN a = b AND ok FROM t
SELECT a IN (1), a IN (1, 2, b), a NOT IN (1, 2), a IN (SELECT a FROM u), a NOT IN (SELECT a FROM u), (a, b) IN (SELECT a, b FROM t), (a, b) IN ((1, 2), (3, 4)) FROM t
SELECT a IN ((1)), a IN ((1), (2)), a IN ((SELECT 1)), a IN ((SELECT 1) UNION SELECT 2), a IN (((SELECT 1)) LIMIT 1) FROM t
SELECT a IN ((SELECT 1) + 1, 2), a IN ((SELECT 1), 2), a IN (((SELECT 1) + 1) * 2) FROM t
SELECT (a IN (1)) = ok, a IN (1) = ok, a IN (1) IS NULL FROM t
SELECT EXISTS (SELECT 1), NOT EXISTS (SELECT FROM u), (SELECT 1), ((SELECT 1)), ARRAY(SELECT a FROM u ORDER BY a), (SELECT 1) + 1, ((SELECT 1) + 1) * 2
SELECT a = ANY (ARRAY[1, 2]), a = ANY ('{1,2}'), a <> ALL (SELECT a FROM u), a < SOME (SELECT 1), a = ANY ((SELECT 1)), a OPERATOR(pg_catalog.=) ANY (ARRAY[1]) FROM t
SELECT CASE WHEN a > 1 THEN 'x' WHEN ok THEN 'y' ELSE 'z' END, CASE a WHEN 1 THEN 2 END, CASE a + b WHEN 1 THEN CASE WHEN ok THEN 1 END ELSE 0 END FROM t
SELECT a::text, a::numeric(10, 2)::text, CAST(a AS varchar(5)), a::int8, s::char(3), s::char, s::"char", s::bpchar, a::float(10), a::float(30), a::double precision, a::dec(5), a::real FROM t
SELECT now()::timestamp(3), now()::timestamp with time zone, now()::timestamptz(2), now()::time, now()::time(3) with time zone, now()::timestamp without time zone, '1 day'::interval day to second(3), '1'::interval year, '1 day'::interval(2)
SELECT date '2020-01-01', timestamp '2020-01-01 00:00', timestamp with time zone '2020-01-01', timestamp(3) '2020-01-01', time '10:00', interval '1' day, interval '1 day', interval '1-2' year to month, interval(3) '1.23456', int '5', bigint '5', double precision '5', varchar(2) 'abc', char 'a', bool 't', "char" 'a', pg_catalog.int4 '5', numeric(5,2) '1.234', bpchar(3) 'abcd'
SELECT ARRAY[1, 2], ARRAY[[1, 2], [3, 4]], ARRAY[]::int[], '{1}'::int[], '{1}'::int[3], '{{1}}'::int[][], '{1}'::int array, '{1}'::int array[4], '{a}'::varchar(3)[]
SELECT (x)[1], x[1], x[1:2], x[:2], x[1:], x[:], xx[1][2], xx[1:2][1], (ARRAY[1, 2])[1], (x)[a + 1], x[1][2] FROM t
SELECT (r).a, (r).*, (r).s || 'x', (composite(1)).b, (composite(1)).* FROM (SELECT t AS r FROM t) q
SELECT row(1, 2), (1, 2), row(), row(1), row(1, 2) = (1, 2), (a, b) < (1, 2) FROM t
SELECT (date '2020-01-01', date '2020-02-01') OVERLAPS (date '2020-01-01', interval '1 day'), row(now(), now()) OVERLAPS row(now(), now())
SELECT ts AT TIME ZONE 'UTC', ts AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Berlin', '2020-01-01'::timestamp AT TIME ZONE 'UTC' FROM t
SELECT s COLLATE "C", s || 'x' COLLATE "C", s COLLATE pg_catalog."C" < 'a' FROM t
SELECT extract(year FROM ts), extract('month' from ts), extract(epoch from ts - ts), position('a' IN s), position('a' || 'b' in s), substring(s from 2), substring(s for 2), substring(s from 2 for 3), substring(s for 3 from 2), substring(s, 1, 2), substring(s similar 'a' escape '#'), overlay(s placing 'x' from 1), overlay(s placing 'x' from 1 for 2) FROM t
SELECT trim(s), trim(both from s), trim('x' from s), trim(leading 'x' from s), trim(trailing from s), trim(trailing 'x' || 'y' from s), trim(s, 'x'), ltrim(s), normalize(s), normalize(s, nfkc), collation for (s) FROM t
SELECT coalesce(a, b, 1), nullif(a, b), greatest(a, b), least(a, b, c) FROM t
SELECT current_date, current_timestamp, current_timestamp(3), localtime, localtimestamp(0), current_time, current_user, session_user, user, current_role, current_catalog, current_schema, current_schema()
SELECT count(*), count(a), count(DISTINCT a), count(ALL a), sum(a) FILTER (WHERE b > 1), string_agg(s, ',' ORDER BY s DESC NULLS LAST, a), array_agg(DISTINCT a ORDER BY a), string_agg(DISTINCT s, ',') FROM t
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a), mode() WITHIN GROUP (ORDER BY s DESC), percentile_disc(0.5) WITHIN GROUP (ORDER BY a) FILTER (WHERE a > 1), rank(1, 2) WITHIN GROUP (ORDER BY a, b) FROM t
SELECT make_date(year => 2020, month => 1, day => 2), make_date(2020, month := 1, day := 2), concat_ws(',', VARIADIC ARRAY['a', 'b']), format('%s', VARIADIC ARRAY['a']), left(s, 1), right(s, 1), pg_catalog.lower(s), "lower"(s) FROM t
SELECT row_number() OVER (), rank() OVER (PARTITION BY a, b ORDER BY c DESC), sum(a) OVER w, count(*) FILTER (WHERE ok) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), lag(a, 1, 0) OVER (ORDER BY a NULLS FIRST) FROM t WINDOW w AS (PARTITION BY b ORDER BY a), v AS (w)
SELECT sum(a) OVER (ORDER BY a ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), sum(a) OVER (ORDER BY a RANGE BETWEEN 1 PRECEDING AND 1 + 1 FOLLOWING), sum(a) OVER (ORDER BY a GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE TIES), sum(a) OVER (ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING EXCLUDE CURRENT ROW), sum(a) OVER (ORDER BY ts RANGE interval '1 day' PRECEDING EXCLUDE NO OTHERS), sum(a) OVER (ORDER BY a ROWS UNBOUNDED PRECEDING EXCLUDE GROUP) FROM t
SELECT DISTINCT a, b FROM t
SELECT DISTINCT ON (a, b + 1) a, b, c FROM t ORDER BY a, b + 1, c DESC
SELECT ALL a FROM t
SELECT a, count(*) FROM t GROUP BY a HAVING count(*) > 1 ORDER BY count(*) DESC, 1
SELECT a, b, c, grouping(a, b), count(*) FROM t GROUP BY ROLLUP (a, b), CUBE (b, c), GROUPING SETS ((a, b), (a), (), c, ROLLUP (a, (b, c)))
SELECT count(*) FROM t GROUP BY ()
SELECT a, b FROM t GROUP BY DISTINCT ROLLUP (a, b), ROLLUP (b)
SELECT a, b FROM t GROUP BY ALL a, b
SELECT a, b FROM t GROUP BY (a, b)
SELECT row(a, b) FROM t GROUP BY row(a, b)
SELECT 1 WHERE true
SELECT 1 HAVING true
SELECT 1 GROUP BY 1
SELECT sum(1) OVER w WINDOW w AS (ORDER BY 1)
SELECT * FROM t, u, v
SELECT * FROM t JOIN u ON t.a = u.a
SELECT * FROM t LEFT JOIN u ON t.a = u.a RIGHT OUTER JOIN v ON v.a = u.a FULL JOIN v w ON w.a = v.a
SELECT * FROM t CROSS JOIN u NATURAL JOIN v
SELECT * FROM t JOIN u USING (a) LEFT JOIN v USING (a)
SELECT j.a FROM t JOIN u USING (a) AS j
SELECT * FROM t NATURAL LEFT JOIN u NATURAL FULL JOIN v
SELECT * FROM t JOIN u JOIN v ON u.a = v.a ON t.a = u.a
SELECT * FROM t JOIN u CROSS JOIN v ON t.a = u.a
SELECT * FROM t LEFT JOIN (u JOIN v ON u.a = v.a) ON t.a = u.a
SELECT * FROM (t JOIN u ON t.a = u.a) AS j (k, l)
SELECT * FROM ((t JOIN u ON t.a = u.a) JOIN v ON v.a = t.a), u u2
SELECT * FROM ((SELECT 1 AS a) AS x JOIN t ON t.a = x.a)
SELECT * FROM ((SELECT 1 AS a) UNION (SELECT 2)) AS x
SELECT * FROM (((SELECT 1 AS a))) x
SELECT * FROM (SELECT a FROM t) AS x (renamed), LATERAL (SELECT x.renamed + 1) y
SELECT * FROM t LEFT JOIN LATERAL (SELECT * FROM u WHERE u.a = t.a LIMIT 1) x ON true
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v (n, s)
SELECT * FROM generate_series(1, 3), generate_series(1, 3) AS g, generate_series(1, 3) h (i), pg_catalog.generate_series(1, 2) WITH ORDINALITY AS k (l, m)
SELECT * FROM t, LATERAL generate_series(1, t.a) g, unnest(t.x) WITH ORDINALITY
SELECT * FROM ROWS FROM (generate_series(1, 2), generate_series(1, 3)) WITH ORDINALITY AS f (a, b, c)
SELECT * FROM json_to_recordset('[]') AS x (a int, b text), json_to_record('{}') AS (c numeric(10, 2))
SELECT * FROM current_date, coalesce(1, 2) AS c, current_timestamp(3) AS d
SELECT * FROM ONLY t, ONLY (u), v *
SELECT * FROM only t AS x (p, q)
TABLE t
TABLE t ORDER BY a LIMIT 1
VALUES (1, 'a'), (2, NULL)
VALUES (1), (2) ORDER BY 1 DESC LIMIT 1 OFFSET 1
SELECT 1 UNION SELECT 2
SELECT 1 UNION ALL SELECT 2 UNION SELECT 3
SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT ALL SELECT 4
(SELECT 1 UNION SELECT 2) INTERSECT SELECT 3
((SELECT 1)) UNION ((SELECT 2))
(SELECT a FROM t ORDER BY a LIMIT 1) UNION ALL (SELECT a FROM u ORDER BY a DESC LIMIT 2) ORDER BY 1 LIMIT 3
SELECT a FROM t UNION DISTINCT VALUES (1), (2) ORDER BY a
(SELECT a FROM t) ORDER BY a LIMIT 1
((SELECT a FROM t LIMIT 1) ORDER BY a)
(SELECT 1 UNION SELECT 2) ORDER BY 1
WITH x AS (SELECT 1 AS a) SELECT * FROM x
WITH x (p, q) AS (VALUES (1, 2)), y AS MATERIALIZED (SELECT * FROM x), z AS NOT MATERIALIZED (SELECT p FROM y) SELECT * FROM z, x
WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 10) SELECT * FROM r
WITH x AS (WITH y AS (SELECT 1 AS a) SELECT * FROM y) SELECT * FROM x UNION SELECT 2 ORDER BY 1
WITH x AS (SELECT 1) (SELECT * FROM x)
(WITH x AS (SELECT 1) SELECT * FROM x) UNION (WITH y AS (SELECT 2) SELECT * FROM y)
SELECT (WITH x AS (SELECT 1) SELECT * FROM x), a IN (WITH y AS (SELECT 2) SELECT * FROM y) FROM t
SELECT a FROM t ORDER BY a ASC, b DESC NULLS FIRST, c USING <, d.e NULLS LAST
SELECT a FROM t ORDER BY a USING OPERATOR(pg_catalog.>)
SELECT a FROM t LIMIT 10
SELECT a FROM t OFFSET 5
SELECT a FROM t OFFSET 5 ROWS FETCH FIRST 10 ROWS ONLY
SELECT a FROM t OFFSET 1 LIMIT 2
SELECT a FROM t FETCH NEXT ROW ONLY
SELECT a FROM t ORDER BY a FETCH FIRST (1 + 2) ROWS WITH TIES
SELECT a FROM t LIMIT 1 + (SELECT 2) OFFSET 1 * 2
SELECT a FROM t LIMIT $1 OFFSET $2
SELECT $1::int + $2, $3::text || $1::int, $2 IN ($4, $5), ($6::int[])[1], $1
SELECT a FROM t FOR UPDATE
SELECT a FROM t, u FOR UPDATE OF t NOWAIT FOR SHARE OF u SKIP LOCKED
SELECT a FROM t FOR NO KEY UPDATE
SELECT a FROM t FOR KEY SHARE LIMIT 1
SELECT "weird ""name""", "A", "UPPER" FROM (SELECT 1 AS "weird ""name""", 2 AS "A", 3 AS "UPPER") "Q"
SELECT "trailing ".a, "ctl".a FROM t "trailing ", t "ctl"
SELECT "s ".t.a FROM "s ".t
SELECT year, month, key, rank, "left", value, name, type, date, text, count, position, user_name, interval, time, timestamp FROM words
SELECT words.left, words.select, words.user FROM (SELECT 1 AS left, 2 AS select, 3 AS user) words
SELECT präfix, "Ünïcode", '日本' FROM (SELECT 1 AS präfix, 2 AS "Ünïcode") ß
SELECT/* a /* nested */ comment */1--x
SELECT a -- comment
FROM t /* end */
SELECT j -> 'a' ->> 'b', j #> '{a,b}', j @> '{}', j ? 'a', j ?| ARRAY['a'], j - 'a', j || '{}' FROM t
SELECT a+-b, a-+b, a- -b, 2*-3, a<-1, a@-1 FROM (SELECT 1 a, 2 b) q WHERE a<>-1
SELECT 1 AS a, 2 AS b ORDER BY 1 + 1, a, b
SELECT NULL ORDER BY true
SELECT count(*) FROM t, (SELECT 1) x WHERE t.a = (SELECT max(a) FROM u WHERE u.b = t.b) AND EXISTS (SELECT FROM v WHERE v.a = t.a)
SELECT true = ('a' < 'b'), (a = b) = (b = c), (a < b) IS TRUE FROM t
SELECT a BETWEEN b AND c AND ok, NOT a BETWEEN b AND c, (a BETWEEN b AND c) = ok FROM t
SELECT ok = (NOT ok), ok = NOT ok, ok AND NOT ok IS NULL FROM t
SELECT a NOTNULL AND b ISNULL, a::int ISNULL, a + 1 IS NULL, a = b IS NULL FROM t
