package lex

// Keyword kinds, by PostgreSQL 15's names. Their order is that of the keywords table.
const (
	ABORT Kind = firstKeyword + iota
	ABSOLUTE
	ACCESS
	ACTION
	ADD
	ADMIN
	AFTER
	AGGREGATE
	ALL
	ALSO
	ALTER
	ALWAYS
	ANALYSE
	ANALYZE
	AND
	ANY
	ARRAY
	AS
	ASC
	ASENSITIVE
	ASSERTION
	ASSIGNMENT
	ASYMMETRIC
	AT
	ATOMIC
	ATTACH
	ATTRIBUTE
	AUTHORIZATION
	BACKWARD
	BEFORE
	BEGIN
	BETWEEN
	BIGINT
	BINARY
	BIT
	BOOLEAN
	BOTH
	BREADTH
	BY
	CACHE
	CALL
	CALLED
	CASCADE
	CASCADED
	CASE
	CAST
	CATALOG
	CHAIN
	CHAR
	CHARACTER
	CHARACTERISTICS
	CHECK
	CHECKPOINT
	CLASS
	CLOSE
	CLUSTER
	COALESCE
	COLLATE
	COLLATION
	COLUMN
	COLUMNS
	COMMENT
	COMMENTS
	COMMIT
	COMMITTED
	COMPRESSION
	CONCURRENTLY
	CONFIGURATION
	CONFLICT
	CONNECTION
	CONSTRAINT
	CONSTRAINTS
	CONTENT
	CONTINUE
	CONVERSION
	COPY
	COST
	CREATE
	CROSS
	CSV
	CUBE
	CURRENT
	CURRENT_CATALOG
	CURRENT_DATE
	CURRENT_ROLE
	CURRENT_SCHEMA
	CURRENT_TIME
	CURRENT_TIMESTAMP
	CURRENT_USER
	CURSOR
	CYCLE
	DATA
	DATABASE
	DAY
	DEALLOCATE
	DEC
	DECIMAL
	DECLARE
	DEFAULT
	DEFAULTS
	DEFERRABLE
	DEFERRED
	DEFINER
	DELETE
	DELIMITER
	DELIMITERS
	DEPENDS
	DEPTH
	DESC
	DETACH
	DICTIONARY
	DISABLE
	DISCARD
	DISTINCT
	DO
	DOCUMENT
	DOMAIN
	DOUBLE
	DROP
	EACH
	ELSE
	ENABLE
	ENCODING
	ENCRYPTED
	END
	ENUM
	ESCAPE
	EVENT
	EXCEPT
	EXCLUDE
	EXCLUDING
	EXCLUSIVE
	EXECUTE
	EXISTS
	EXPLAIN
	EXPRESSION
	EXTENSION
	EXTERNAL
	EXTRACT
	FALSE
	FAMILY
	FETCH
	FILTER
	FINALIZE
	FIRST
	FLOAT
	FOLLOWING
	FOR
	FORCE
	FOREIGN
	FORWARD
	FREEZE
	FROM
	FULL
	FUNCTION
	FUNCTIONS
	GENERATED
	GLOBAL
	GRANT
	GRANTED
	GREATEST
	GROUP
	GROUPING
	GROUPS
	HANDLER
	HAVING
	HEADER
	HOLD
	HOUR
	IDENTITY
	IF
	ILIKE
	IMMEDIATE
	IMMUTABLE
	IMPLICIT
	IMPORT
	IN
	INCLUDE
	INCLUDING
	INCREMENT
	INDEX
	INDEXES
	INHERIT
	INHERITS
	INITIALLY
	INLINE
	INNER
	INOUT
	INPUT
	INSENSITIVE
	INSERT
	INSTEAD
	INT
	INTEGER
	INTERSECT
	INTERVAL
	INTO
	INVOKER
	IS
	ISNULL
	ISOLATION
	JOIN
	KEY
	LABEL
	LANGUAGE
	LARGE
	LAST
	LATERAL
	LEADING
	LEAKPROOF
	LEAST
	LEFT
	LEVEL
	LIKE
	LIMIT
	LISTEN
	LOAD
	LOCAL
	LOCALTIME
	LOCALTIMESTAMP
	LOCATION
	LOCK
	LOCKED
	LOGGED
	MAPPING
	MATCH
	MATCHED
	MATERIALIZED
	MAXVALUE
	MERGE
	METHOD
	MINUTE
	MINVALUE
	MODE
	MONTH
	MOVE
	NAME
	NAMES
	NATIONAL
	NATURAL
	NCHAR
	NEW
	NEXT
	NFC
	NFD
	NFKC
	NFKD
	NO
	NONE
	NORMALIZE
	NORMALIZED
	NOT
	NOTHING
	NOTIFY
	NOTNULL
	NOWAIT
	NULL
	NULLIF
	NULLS
	NUMERIC
	OBJECT
	OF
	OFF
	OFFSET
	OIDS
	OLD
	ON
	ONLY
	OPERATOR
	OPTION
	OPTIONS
	OR
	ORDER
	ORDINALITY
	OTHERS
	OUT
	OUTER
	OVER
	OVERLAPS
	OVERLAY
	OVERRIDING
	OWNED
	OWNER
	PARALLEL
	PARAMETER
	PARSER
	PARTIAL
	PARTITION
	PASSING
	PASSWORD
	PLACING
	PLANS
	POLICY
	POSITION
	PRECEDING
	PRECISION
	PREPARE
	PREPARED
	PRESERVE
	PRIMARY
	PRIOR
	PRIVILEGES
	PROCEDURAL
	PROCEDURE
	PROCEDURES
	PROGRAM
	PUBLICATION
	QUOTE
	RANGE
	READ
	REAL
	REASSIGN
	RECHECK
	RECURSIVE
	REF
	REFERENCES
	REFERENCING
	REFRESH
	REINDEX
	RELATIVE
	RELEASE
	RENAME
	REPEATABLE
	REPLACE
	REPLICA
	RESET
	RESTART
	RESTRICT
	RETURN
	RETURNING
	RETURNS
	REVOKE
	RIGHT
	ROLE
	ROLLBACK
	ROLLUP
	ROUTINE
	ROUTINES
	ROW
	ROWS
	RULE
	SAVEPOINT
	SCHEMA
	SCHEMAS
	SCROLL
	SEARCH
	SECOND
	SECURITY
	SELECT
	SEQUENCE
	SEQUENCES
	SERIALIZABLE
	SERVER
	SESSION
	SESSION_USER
	SET
	SETOF
	SETS
	SHARE
	SHOW
	SIMILAR
	SIMPLE
	SKIP
	SMALLINT
	SNAPSHOT
	SOME
	SQL
	STABLE
	STANDALONE
	START
	STATEMENT
	STATISTICS
	STDIN
	STDOUT
	STORAGE
	STORED
	STRICT
	STRIP
	SUBSCRIPTION
	SUBSTRING
	SUPPORT
	SYMMETRIC
	SYSID
	SYSTEM
	TABLE
	TABLES
	TABLESAMPLE
	TABLESPACE
	TEMP
	TEMPLATE
	TEMPORARY
	TEXT
	THEN
	TIES
	TIME
	TIMESTAMP
	TO
	TRAILING
	TRANSACTION
	TRANSFORM
	TREAT
	TRIGGER
	TRIM
	TRUE
	TRUNCATE
	TRUSTED
	TYPE
	TYPES
	UESCAPE
	UNBOUNDED
	UNCOMMITTED
	UNENCRYPTED
	UNION
	UNIQUE
	UNKNOWN
	UNLISTEN
	UNLOGGED
	UNTIL
	UPDATE
	USER
	USING
	VACUUM
	VALID
	VALIDATE
	VALIDATOR
	VALUE
	VALUES
	VARCHAR
	VARIADIC
	VARYING
	VERBOSE
	VERSION
	VIEW
	VIEWS
	VOLATILE
	WHEN
	WHERE
	WHITESPACE
	WINDOW
	WITH
	WITHIN
	WITHOUT
	WORK
	WRAPPER
	WRITE
	XML
	XMLATTRIBUTES
	XMLCONCAT
	XMLELEMENT
	XMLEXISTS
	XMLFOREST
	XMLNAMESPACES
	XMLPARSE
	XMLPI
	XMLROOT
	XMLSERIALIZE
	XMLTABLE
	YEAR
	YES
	ZONE
)

// keywords lists PostgreSQL 15's keywords (pg_get_keywords) in the order of their kinds.
var keywords = [...]keyword{
	{"abort", Unreserved, true},
	{"absolute", Unreserved, true},
	{"access", Unreserved, true},
	{"action", Unreserved, true},
	{"add", Unreserved, true},
	{"admin", Unreserved, true},
	{"after", Unreserved, true},
	{"aggregate", Unreserved, true},
	{"all", Reserved, true},
	{"also", Unreserved, true},
	{"alter", Unreserved, true},
	{"always", Unreserved, true},
	{"analyse", Reserved, true},
	{"analyze", Reserved, true},
	{"and", Reserved, true},
	{"any", Reserved, true},
	{"array", Reserved, false},
	{"as", Reserved, false},
	{"asc", Reserved, true},
	{"asensitive", Unreserved, true},
	{"assertion", Unreserved, true},
	{"assignment", Unreserved, true},
	{"asymmetric", Reserved, true},
	{"at", Unreserved, true},
	{"atomic", Unreserved, true},
	{"attach", Unreserved, true},
	{"attribute", Unreserved, true},
	{"authorization", TypeFunction, true},
	{"backward", Unreserved, true},
	{"before", Unreserved, true},
	{"begin", Unreserved, true},
	{"between", ColumnName, true},
	{"bigint", ColumnName, true},
	{"binary", TypeFunction, true},
	{"bit", ColumnName, true},
	{"boolean", ColumnName, true},
	{"both", Reserved, true},
	{"breadth", Unreserved, true},
	{"by", Unreserved, true},
	{"cache", Unreserved, true},
	{"call", Unreserved, true},
	{"called", Unreserved, true},
	{"cascade", Unreserved, true},
	{"cascaded", Unreserved, true},
	{"case", Reserved, true},
	{"cast", Reserved, true},
	{"catalog", Unreserved, true},
	{"chain", Unreserved, true},
	{"char", ColumnName, false},
	{"character", ColumnName, false},
	{"characteristics", Unreserved, true},
	{"check", Reserved, true},
	{"checkpoint", Unreserved, true},
	{"class", Unreserved, true},
	{"close", Unreserved, true},
	{"cluster", Unreserved, true},
	{"coalesce", ColumnName, true},
	{"collate", Reserved, true},
	{"collation", TypeFunction, true},
	{"column", Reserved, true},
	{"columns", Unreserved, true},
	{"comment", Unreserved, true},
	{"comments", Unreserved, true},
	{"commit", Unreserved, true},
	{"committed", Unreserved, true},
	{"compression", Unreserved, true},
	{"concurrently", TypeFunction, true},
	{"configuration", Unreserved, true},
	{"conflict", Unreserved, true},
	{"connection", Unreserved, true},
	{"constraint", Reserved, true},
	{"constraints", Unreserved, true},
	{"content", Unreserved, true},
	{"continue", Unreserved, true},
	{"conversion", Unreserved, true},
	{"copy", Unreserved, true},
	{"cost", Unreserved, true},
	{"create", Reserved, false},
	{"cross", TypeFunction, true},
	{"csv", Unreserved, true},
	{"cube", Unreserved, true},
	{"current", Unreserved, true},
	{"current_catalog", Reserved, true},
	{"current_date", Reserved, true},
	{"current_role", Reserved, true},
	{"current_schema", TypeFunction, true},
	{"current_time", Reserved, true},
	{"current_timestamp", Reserved, true},
	{"current_user", Reserved, true},
	{"cursor", Unreserved, true},
	{"cycle", Unreserved, true},
	{"data", Unreserved, true},
	{"database", Unreserved, true},
	{"day", Unreserved, false},
	{"deallocate", Unreserved, true},
	{"dec", ColumnName, true},
	{"decimal", ColumnName, true},
	{"declare", Unreserved, true},
	{"default", Reserved, true},
	{"defaults", Unreserved, true},
	{"deferrable", Reserved, true},
	{"deferred", Unreserved, true},
	{"definer", Unreserved, true},
	{"delete", Unreserved, true},
	{"delimiter", Unreserved, true},
	{"delimiters", Unreserved, true},
	{"depends", Unreserved, true},
	{"depth", Unreserved, true},
	{"desc", Reserved, true},
	{"detach", Unreserved, true},
	{"dictionary", Unreserved, true},
	{"disable", Unreserved, true},
	{"discard", Unreserved, true},
	{"distinct", Reserved, true},
	{"do", Reserved, true},
	{"document", Unreserved, true},
	{"domain", Unreserved, true},
	{"double", Unreserved, true},
	{"drop", Unreserved, true},
	{"each", Unreserved, true},
	{"else", Reserved, true},
	{"enable", Unreserved, true},
	{"encoding", Unreserved, true},
	{"encrypted", Unreserved, true},
	{"end", Reserved, true},
	{"enum", Unreserved, true},
	{"escape", Unreserved, true},
	{"event", Unreserved, true},
	{"except", Reserved, false},
	{"exclude", Unreserved, true},
	{"excluding", Unreserved, true},
	{"exclusive", Unreserved, true},
	{"execute", Unreserved, true},
	{"exists", ColumnName, true},
	{"explain", Unreserved, true},
	{"expression", Unreserved, true},
	{"extension", Unreserved, true},
	{"external", Unreserved, true},
	{"extract", ColumnName, true},
	{"false", Reserved, true},
	{"family", Unreserved, true},
	{"fetch", Reserved, false},
	{"filter", Unreserved, false},
	{"finalize", Unreserved, true},
	{"first", Unreserved, true},
	{"float", ColumnName, true},
	{"following", Unreserved, true},
	{"for", Reserved, false},
	{"force", Unreserved, true},
	{"foreign", Reserved, true},
	{"forward", Unreserved, true},
	{"freeze", TypeFunction, true},
	{"from", Reserved, false},
	{"full", TypeFunction, true},
	{"function", Unreserved, true},
	{"functions", Unreserved, true},
	{"generated", Unreserved, true},
	{"global", Unreserved, true},
	{"grant", Reserved, false},
	{"granted", Unreserved, true},
	{"greatest", ColumnName, true},
	{"group", Reserved, false},
	{"grouping", ColumnName, true},
	{"groups", Unreserved, true},
	{"handler", Unreserved, true},
	{"having", Reserved, false},
	{"header", Unreserved, true},
	{"hold", Unreserved, true},
	{"hour", Unreserved, false},
	{"identity", Unreserved, true},
	{"if", Unreserved, true},
	{"ilike", TypeFunction, true},
	{"immediate", Unreserved, true},
	{"immutable", Unreserved, true},
	{"implicit", Unreserved, true},
	{"import", Unreserved, true},
	{"in", Reserved, true},
	{"include", Unreserved, true},
	{"including", Unreserved, true},
	{"increment", Unreserved, true},
	{"index", Unreserved, true},
	{"indexes", Unreserved, true},
	{"inherit", Unreserved, true},
	{"inherits", Unreserved, true},
	{"initially", Reserved, true},
	{"inline", Unreserved, true},
	{"inner", TypeFunction, true},
	{"inout", ColumnName, true},
	{"input", Unreserved, true},
	{"insensitive", Unreserved, true},
	{"insert", Unreserved, true},
	{"instead", Unreserved, true},
	{"int", ColumnName, true},
	{"integer", ColumnName, true},
	{"intersect", Reserved, false},
	{"interval", ColumnName, true},
	{"into", Reserved, false},
	{"invoker", Unreserved, true},
	{"is", TypeFunction, true},
	{"isnull", TypeFunction, false},
	{"isolation", Unreserved, true},
	{"join", TypeFunction, true},
	{"key", Unreserved, true},
	{"label", Unreserved, true},
	{"language", Unreserved, true},
	{"large", Unreserved, true},
	{"last", Unreserved, true},
	{"lateral", Reserved, true},
	{"leading", Reserved, true},
	{"leakproof", Unreserved, true},
	{"least", ColumnName, true},
	{"left", TypeFunction, true},
	{"level", Unreserved, true},
	{"like", TypeFunction, true},
	{"limit", Reserved, false},
	{"listen", Unreserved, true},
	{"load", Unreserved, true},
	{"local", Unreserved, true},
	{"localtime", Reserved, true},
	{"localtimestamp", Reserved, true},
	{"location", Unreserved, true},
	{"lock", Unreserved, true},
	{"locked", Unreserved, true},
	{"logged", Unreserved, true},
	{"mapping", Unreserved, true},
	{"match", Unreserved, true},
	{"matched", Unreserved, true},
	{"materialized", Unreserved, true},
	{"maxvalue", Unreserved, true},
	{"merge", Unreserved, true},
	{"method", Unreserved, true},
	{"minute", Unreserved, false},
	{"minvalue", Unreserved, true},
	{"mode", Unreserved, true},
	{"month", Unreserved, false},
	{"move", Unreserved, true},
	{"name", Unreserved, true},
	{"names", Unreserved, true},
	{"national", ColumnName, true},
	{"natural", TypeFunction, true},
	{"nchar", ColumnName, true},
	{"new", Unreserved, true},
	{"next", Unreserved, true},
	{"nfc", Unreserved, true},
	{"nfd", Unreserved, true},
	{"nfkc", Unreserved, true},
	{"nfkd", Unreserved, true},
	{"no", Unreserved, true},
	{"none", ColumnName, true},
	{"normalize", ColumnName, true},
	{"normalized", Unreserved, true},
	{"not", Reserved, true},
	{"nothing", Unreserved, true},
	{"notify", Unreserved, true},
	{"notnull", TypeFunction, false},
	{"nowait", Unreserved, true},
	{"null", Reserved, true},
	{"nullif", ColumnName, true},
	{"nulls", Unreserved, true},
	{"numeric", ColumnName, true},
	{"object", Unreserved, true},
	{"of", Unreserved, true},
	{"off", Unreserved, true},
	{"offset", Reserved, false},
	{"oids", Unreserved, true},
	{"old", Unreserved, true},
	{"on", Reserved, false},
	{"only", Reserved, true},
	{"operator", Unreserved, true},
	{"option", Unreserved, true},
	{"options", Unreserved, true},
	{"or", Reserved, true},
	{"order", Reserved, false},
	{"ordinality", Unreserved, true},
	{"others", Unreserved, true},
	{"out", ColumnName, true},
	{"outer", TypeFunction, true},
	{"over", Unreserved, false},
	{"overlaps", TypeFunction, false},
	{"overlay", ColumnName, true},
	{"overriding", Unreserved, true},
	{"owned", Unreserved, true},
	{"owner", Unreserved, true},
	{"parallel", Unreserved, true},
	{"parameter", Unreserved, true},
	{"parser", Unreserved, true},
	{"partial", Unreserved, true},
	{"partition", Unreserved, true},
	{"passing", Unreserved, true},
	{"password", Unreserved, true},
	{"placing", Reserved, true},
	{"plans", Unreserved, true},
	{"policy", Unreserved, true},
	{"position", ColumnName, true},
	{"preceding", Unreserved, true},
	{"precision", ColumnName, false},
	{"prepare", Unreserved, true},
	{"prepared", Unreserved, true},
	{"preserve", Unreserved, true},
	{"primary", Reserved, true},
	{"prior", Unreserved, true},
	{"privileges", Unreserved, true},
	{"procedural", Unreserved, true},
	{"procedure", Unreserved, true},
	{"procedures", Unreserved, true},
	{"program", Unreserved, true},
	{"publication", Unreserved, true},
	{"quote", Unreserved, true},
	{"range", Unreserved, true},
	{"read", Unreserved, true},
	{"real", ColumnName, true},
	{"reassign", Unreserved, true},
	{"recheck", Unreserved, true},
	{"recursive", Unreserved, true},
	{"ref", Unreserved, true},
	{"references", Reserved, true},
	{"referencing", Unreserved, true},
	{"refresh", Unreserved, true},
	{"reindex", Unreserved, true},
	{"relative", Unreserved, true},
	{"release", Unreserved, true},
	{"rename", Unreserved, true},
	{"repeatable", Unreserved, true},
	{"replace", Unreserved, true},
	{"replica", Unreserved, true},
	{"reset", Unreserved, true},
	{"restart", Unreserved, true},
	{"restrict", Unreserved, true},
	{"return", Unreserved, true},
	{"returning", Reserved, false},
	{"returns", Unreserved, true},
	{"revoke", Unreserved, true},
	{"right", TypeFunction, true},
	{"role", Unreserved, true},
	{"rollback", Unreserved, true},
	{"rollup", Unreserved, true},
	{"routine", Unreserved, true},
	{"routines", Unreserved, true},
	{"row", ColumnName, true},
	{"rows", Unreserved, true},
	{"rule", Unreserved, true},
	{"savepoint", Unreserved, true},
	{"schema", Unreserved, true},
	{"schemas", Unreserved, true},
	{"scroll", Unreserved, true},
	{"search", Unreserved, true},
	{"second", Unreserved, false},
	{"security", Unreserved, true},
	{"select", Reserved, true},
	{"sequence", Unreserved, true},
	{"sequences", Unreserved, true},
	{"serializable", Unreserved, true},
	{"server", Unreserved, true},
	{"session", Unreserved, true},
	{"session_user", Reserved, true},
	{"set", Unreserved, true},
	{"setof", ColumnName, true},
	{"sets", Unreserved, true},
	{"share", Unreserved, true},
	{"show", Unreserved, true},
	{"similar", TypeFunction, true},
	{"simple", Unreserved, true},
	{"skip", Unreserved, true},
	{"smallint", ColumnName, true},
	{"snapshot", Unreserved, true},
	{"some", Reserved, true},
	{"sql", Unreserved, true},
	{"stable", Unreserved, true},
	{"standalone", Unreserved, true},
	{"start", Unreserved, true},
	{"statement", Unreserved, true},
	{"statistics", Unreserved, true},
	{"stdin", Unreserved, true},
	{"stdout", Unreserved, true},
	{"storage", Unreserved, true},
	{"stored", Unreserved, true},
	{"strict", Unreserved, true},
	{"strip", Unreserved, true},
	{"subscription", Unreserved, true},
	{"substring", ColumnName, true},
	{"support", Unreserved, true},
	{"symmetric", Reserved, true},
	{"sysid", Unreserved, true},
	{"system", Unreserved, true},
	{"table", Reserved, true},
	{"tables", Unreserved, true},
	{"tablesample", TypeFunction, true},
	{"tablespace", Unreserved, true},
	{"temp", Unreserved, true},
	{"template", Unreserved, true},
	{"temporary", Unreserved, true},
	{"text", Unreserved, true},
	{"then", Reserved, true},
	{"ties", Unreserved, true},
	{"time", ColumnName, true},
	{"timestamp", ColumnName, true},
	{"to", Reserved, false},
	{"trailing", Reserved, true},
	{"transaction", Unreserved, true},
	{"transform", Unreserved, true},
	{"treat", ColumnName, true},
	{"trigger", Unreserved, true},
	{"trim", ColumnName, true},
	{"true", Reserved, true},
	{"truncate", Unreserved, true},
	{"trusted", Unreserved, true},
	{"type", Unreserved, true},
	{"types", Unreserved, true},
	{"uescape", Unreserved, true},
	{"unbounded", Unreserved, true},
	{"uncommitted", Unreserved, true},
	{"unencrypted", Unreserved, true},
	{"union", Reserved, false},
	{"unique", Reserved, true},
	{"unknown", Unreserved, true},
	{"unlisten", Unreserved, true},
	{"unlogged", Unreserved, true},
	{"until", Unreserved, true},
	{"update", Unreserved, true},
	{"user", Reserved, true},
	{"using", Reserved, true},
	{"vacuum", Unreserved, true},
	{"valid", Unreserved, true},
	{"validate", Unreserved, true},
	{"validator", Unreserved, true},
	{"value", Unreserved, true},
	{"values", ColumnName, true},
	{"varchar", ColumnName, true},
	{"variadic", Reserved, true},
	{"varying", Unreserved, false},
	{"verbose", TypeFunction, true},
	{"version", Unreserved, true},
	{"view", Unreserved, true},
	{"views", Unreserved, true},
	{"volatile", Unreserved, true},
	{"when", Reserved, true},
	{"where", Reserved, false},
	{"whitespace", Unreserved, true},
	{"window", Reserved, false},
	{"with", Reserved, false},
	{"within", Unreserved, false},
	{"without", Unreserved, false},
	{"work", Unreserved, true},
	{"wrapper", Unreserved, true},
	{"write", Unreserved, true},
	{"xml", Unreserved, true},
	{"xmlattributes", ColumnName, true},
	{"xmlconcat", ColumnName, true},
	{"xmlelement", ColumnName, true},
	{"xmlexists", ColumnName, true},
	{"xmlforest", ColumnName, true},
	{"xmlnamespaces", ColumnName, true},
	{"xmlparse", ColumnName, true},
	{"xmlpi", ColumnName, true},
	{"xmlroot", ColumnName, true},
	{"xmlserialize", ColumnName, true},
	{"xmltable", ColumnName, true},
	{"year", Unreserved, false},
	{"yes", Unreserved, true},
	{"zone", Unreserved, true},
}
