package bridge

// Schema is the reserved schema of markers: calls that stand for what only PostgreSQL has. A user's name that holds it
// never reaches the text (see odd), so nobody else can call a marker.
const Schema = "\x01"

// The markers. `?` is a hole. Package decode has a case for each of them.
const (
	MarkOp         = "op"            // op(?op, l[, r]): an operator TiDB lacks
	MarkIs         = "is"            // is(?what, x): IS [NOT] UNKNOWN, DOCUMENT, NORMALIZED
	MarkDistinct   = "distinct"      // distinct(l, r): IS DISTINCT FROM
	MarkLike       = "like"          // like(?op, l, r[, e]): LIKE, ILIKE with ESCAPE, SIMILAR TO
	MarkBetween    = "between_sym"   // between_sym(?op, x, lo, hi)
	MarkAny        = "any"           // any(?op, x, array)
	MarkAll        = "all"           // all(?op, x, array)
	MarkAnyQuery   = "any_sub"       // any_sub(?op, x, (query))
	MarkAllQuery   = "all_sub"       // all_sub(?op, x, (query))
	MarkCast       = "cast"          // cast(x, ?type)
	MarkTyped      = "typed"         // typed(?str, ?type)
	MarkArray      = "array"         // array(..)
	MarkArrayQuery = "array_sub"     // array_sub((query))
	MarkSub        = "sub"           // sub(x, i, slice(j, k), ..)
	MarkSlice      = "slice"         // slice(j, k); an absent bound is a hole of kind None
	MarkField      = "field"         // field(x, ?name)
	MarkExpand     = "expand"        // expand(x): (x).*
	MarkAllOf      = "allof"         // allof(?names): t.*
	MarkRow        = "row"           // row(..): ROW(..)
	MarkZone       = "at_tz"         // at_tz(x, zone)
	MarkCollate    = "collate"       // collate(x, ?names)
	MarkOverlaps   = "overlaps"      // overlaps(a, b, c, d)
	MarkPosition   = "position"      // position(part, string): arguments the other way round
	MarkSubstring  = "substring"     // substring(x, length, from): SUBSTRING(x FOR length FROM from)
	MarkTrim       = "trim"          // trim(?function, characters, x..): characters go last
	MarkSQLFunc    = "sqlf"          // sqlf(?name, ..): coalesce, nullif, greatest, least, grouping
	MarkKeyword    = "kw"            // kw(?word): current_date ..; the hole's N is the precision or -1
	MarkCall       = "call"          // call(?names, args..): a function whose name cannot be written natively
	MarkStar       = "star"          // argument: f(*)
	MarkVariadic   = "variadic"      // argument: variadic(x)
	MarkNamed      = "named"         // argument: named(?name, x)
	MarkFilter     = "filter"        // filter(call, condition)
	MarkNulls      = "nulls"         // nulls(x, ?w): ORDER BY x NULLS w
	MarkUsing      = "using"         // using(x, ?op): ORDER BY x USING op
	MarkExclude    = "exclude"       // exclude(?what): last ORDER BY item of a window
	MarkNoColumns  = "nocols"        // nocols(): the field of a SELECT without columns
	MarkDistinctOn = "distinct_on"   // distinct_on(..): first field
	MarkCross      = "cross"         // JOIN .. ON cross()
	MarkNatural    = "natural"       // JOIN .. ON natural()
	MarkJoinUsing  = "join_using"    // JOIN .. ON join_using(?names): Text is the alias
	MarkJoinAlias  = "joinalias"     // (SELECT joinalias() FROM join) AS j
	MarkFunction   = "srf"           // (SELECT srf(call)) AS f
	MarkRowsFrom   = "rows_from"     // (SELECT rows_from(call, ..)) AS f
	MarkEmptySet   = "empty_set"     // GROUP BY ()
	MarkRollup     = "rollup"        // GROUP BY ROLLUP (..)
	MarkCube       = "cube"          // GROUP BY CUBE (..)
	MarkSets       = "grouping_sets" // GROUP BY GROUPING SETS (..)
	MarkGroupDist  = "group_distinct"
)

// HoleKind says what a `?` stands for.
type HoleKind uint8

// The kinds of holes.
const (
	HoleNone    HoleKind = iota // nothing: an absent bound
	HoleInteger                 // Text
	HoleNumeric                 // Text
	HoleString                  // Text
	HoleBits                    // Text
	HoleParam                   // N
	HoleWord                    // Text: a marker's operator, field, keyword ..; Names: its schema
	HoleNames                   // Names: a dotted name
	HoleType                    // Type
	HoleTail                    // N: index in Output.Tails
)

// Hole is a literal, parameter or name that was left out of the text. Pos is its byte offset in the source.
type Hole struct {
	Kind  HoleKind
	Text  string
	Names []string
	Type  *TypeName
	N     int32
	Pos   int32
}

// Label is what the text cannot say about an element of FROM or WITH; its alias there is \x01 and the label's index.
type Label struct {
	Name    string
	Columns []string
	Defs    []ColumnDef
	Path    []string // the table's full name if it cannot be written natively

	Only, Sample, Ordinality, Lateral bool
	Materialized                      int8 // of a CTE: 1 MATERIALIZED, -1 NOT MATERIALIZED
	Pos                               int32
}

// ColumnDef is an element of a column definition list.
type ColumnDef struct {
	Name string
	Type TypeName
}

// Tail is LIMIT, OFFSET and FOR of a query.
type Tail struct {
	Limit, Offset Ref
	WithTies      bool
	Locking       []Locking
}

// Ref points at an expression outside the text of its query: a fragment, or a literal that needs none.
type Ref struct {
	Kind  RefKind
	Index int32
}

// RefKind tells what a Ref points at.
type RefKind uint8

// The kinds of references.
const (
	RefNone     RefKind = iota
	RefFragment         // the expression that is a fragment of its own
	RefLoose            // Output.Loose
)

// Locking is one FOR UPDATE or FOR SHARE clause.
type Locking struct {
	Strength string
	Of       []string
	Wait     string
}
