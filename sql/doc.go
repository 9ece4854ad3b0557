// Package sql turns the text of a PostgreSQL client into statements.
//
//	text --lex--> tokens --stmt--> statement (DDL, DML, settings ..)
//	                        |
//	                        +--bridge--> TiDB text, holes --tidb--> tree --decode--> one-level views
//
// Parse is the only entry. A statement is one of package stmt's structs; the queries and expressions in it are handles
// of package decode, which read one level of the tree at a time. What is parsed is immutable and shared.
//
//	sql/lex     tokens and keywords of PostgreSQL 15, positions in characters
//	sql/bridge  queries and expressions: PostgreSQL's grammar in, TiDB's text in a normal form out
//	sql/tidb    runs TiDB's parser: SQL mode, driver for literals, pool, recover
//	sql/decode  reads its trees as PostgreSQL's; knows all markers. Beside sql/tidb the only importer of that parser
//	sql/stmt    the statements, and the hand-written parser of all that is not query or expression
//
// # Why a bridge
//
// The grammar engine is the TiDB parser, whose dialect is MySQL's. Much of PostgreSQL parses there but means something
// else (a || b + c, $1, a ISNULL, a FULL JOIN b, ^), so texts are not patched, but understood and written anew: by a
// recursive-descent parser with PostgreSQL's precedences and its non-associative operators, in a form that leaves nothing
// to TiDB's precedences, keywords or literals. It follows that
//
//   - a syntax error is always the bridge's own, worded and placed as PostgreSQL does;
//   - a bridged text that TiDB refuses is a defect: an internal error (XX000) that shows the text. FuzzParse looks for one;
//   - TiDB's Text() of a node is never shown to anybody, and positions come from the bridge's source map.
//
// # The encodings
//
// M stands for the reserved schema "\x01", ?x for a hole: a `?` whose meaning is found by its offset in the text. Every
// compound expression stands in parentheses, whose offset is mapped to its operator's place in the user's text.
//
//	PostgreSQL                              bridged text                                 decode
//	identifier                              "folded", with " doubled                     ColumnRef
//	a.b.c.d, names with \x01                ?names                                       ColumnRef
//	constant, $n                            ?                                            Const, Param
//	TRUE FALSE NULL                         the same                                     Const
//	- 5                                     (-?)                                         Const "-5", as PostgreSQL folds it
//	+ - * / % = <> < <= > >=, unary + -     the same                                     Op
//	AND OR                                  (a AND b AND c)                              And, Or; flat
//	NOT x                                   (NOT x)                                      Not
//	any other operator, OPERATOR(s.op)      M.op(?op, l[, r])                            Op
//	IS [NOT] NULL TRUE FALSE, ISNULL        native IS                                    IsTest
//	IS [NOT] UNKNOWN DOCUMENT NORMALIZED    M.is(?what, x)                               IsTest
//	IS NOT DISTINCT FROM                    (l <=> r)                                    Distinct, Negated
//	IS DISTINCT FROM                        M.distinct(l, r)                             Distinct
//	[NOT] LIKE, ILIKE                       native                                       Like
//	.. ESCAPE e, SIMILAR TO                 M.like(?op, l, r[, e])                       Like
//	[NOT] BETWEEN                           native                                       Between
//	BETWEEN SYMMETRIC                       M.between_sym(?not, x, lo, hi)               Between
//	IN (list), IN (query)                   native                                       InList, InQuery
//	EXISTS, scalar subquery                 (EXISTS (q)), (q)                            Exists, ScalarQuery
//	op ANY/ALL (array), (query)             M.any(?op, x, a), M.any_sub(?op, x, (q))     Quantified
//	CASE                                    native                                       Case
//	x::T, CAST                              M.cast(x, ?type)                             Cast
//	T 'lit', interval '1' day, N'..'        M.typed(?str, ?type)                         Typed
//	ARRAY[..], ARRAY(q)                     M.array(..), M.array_sub((q))                Array, ArrayQuery
//	a[i][j:k]                               M.sub(a, i, M.slice(j, k))                   Subscript; flat
//	(x).f, (x).*, t.* in an expression      M.field(x, ?f), M.expand(x), M.allof(?t)     Field, Expand, Star
//	(a, b), ROW(..)                         (a, b), M.row(..)                            Row
//	AT TIME ZONE, COLLATE                   M.at_tz(x, z), M.collate(x, ?names)          AtTimeZone, Collate
//	f(..), s.f(..)                          "f"(..), "s"."f"(..); else M.call(?names,..) Call
//	extract, substring, overlay, trim(x)    "pg_catalog"."extract"(..) and so on         Call
//	position, trim(c FROM x), OVERLAPS,     M.position, M.trim, M.overlaps, M.substring: Call; arguments in the
//	  substring(x FOR n FROM m)               arguments in the user's order                function's order
//	coalesce nullif greatest least grouping M.sqlf(?name, ..)                            SQLFunc
//	current_date, user .., DEFAULT          M.kw(?word)                                  Keyword
//	f(*), VARIADIC x, n => x                M.star(), M.variadic(x), M.named(?n, x)      Call.Star, Arg
//	f(DISTINCT .. ORDER BY ..)              GROUP_CONCAT([DISTINCT] "f"(..) ORDER BY ..) Call
//	WITHIN GROUP (ORDER BY ..)              the same, SEPARATOR 'within'                 Call.Within
//	FILTER (WHERE c)                        M.filter(call, c)                            Call.Filter
//	OVER w, OVER (..)                       FIRST_VALUE(call) OVER ..                    Call.Over
//	frame bound n PRECEDING                 INTERVAL n DAY PRECEDING                     Bound
//	EXCLUDE ..                              last ORDER BY item M.exclude(?what)          Frame.Exclude
//	NULLS FIRST/LAST, USING op              M.nulls(e, ?w), M.using(e, ?op)              Order
//	SELECT without columns                  M.nocols()                                   no Items
//	WHERE .. without FROM                   FROM "\x01"                                  no From
//	DISTINCT ON (..)                        SELECT DISTINCT M.distinct_on(..), ..        Select.DistinctOn
//	every element of FROM, every CTE        alias "\x01n": Output.Labels[n] has its      Table, SubQuery, Function,
//	                                          name, columns, place ..                      CTE
//	FULL JOIN                               STRAIGHT_JOIN                                Join
//	CROSS, NATURAL, USING (..) AS j         JOIN .. ON M.cross(), M.natural(),           Join
//	                                          M.join_using(?names)
//	(a JOIN b ..) AS j                      (SELECT M.joinalias() FROM ..) AS            Join.Alias
//	f(..) in FROM, ROWS FROM (..)           (SELECT M.srf(call)), (SELECT M.rows_from())  Function
//	VALUES (..)                             VALUES ROW(..)                               Values
//	TABLE t                                 SELECT * FROM t                              Select
//	GROUP BY ROLLUP, CUBE, SETS, ()         M.rollup(..), M.cube(..),                    GroupItem
//	                                          M.grouping_sets(..), M.empty_set()
//	GROUP BY DISTINCT                       first item M.group_distinct()                Select.GroupDistinct
//	LIMIT, OFFSET, FETCH, WITH TIES, FOR    LIMIT ?: Output.Tails has all of it; an      Query
//	                                          expression is a fragment of its own
//	UNION, INTERSECT, EXCEPT [ALL]          (l) UNION (r), always two                    SetOp
//
// A statement may have several fragments (the expressions of SET, a RETURNING list, LIMIT a + b): each is one SELECT of
// the text, all parsed by one call.
//
// The rows of INSERT .. VALUES do not pass the bridge: literals are kept as they were lexed (stmt.Values), and only what
// is more than a literal becomes a fragment.
//
// # Limits
//
// Statements nest 4,000 levels, and a bridged text has at most 16 MiB (54001). Not supported, and refused with 0A000:
// data-modifying WITH, SEARCH and CYCLE, XML, TREAT, UNIQUE predicates, ROWS FROM (f() AS (..)), PARTITION OF and
// OF in CREATE TABLE; TABLESAMPLE is marked for the binder to refuse.
package sql
