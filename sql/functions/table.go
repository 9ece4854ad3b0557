package functions

import (
	"sync"

	"tarn/sql/types"
)

// The families: the whole of what can be called. A new family is one line here. (They are functions so that the body of a
// row may look at the tables, which are built on first use.)
func scalarFamilies() []func() []Function {
	return []func() []Function{
		comparisonOperators,
		arithmeticOperators,
		mathFunctions,
		textFunctions,
		formatFunctions,
		likeFunctions,
		regexFunctions,
		byteaFunctions,
		timeOperators,
		timeFunctions,
		clockFunctions,
		timeFormats,
		numberFormats,
		arrayFunctions,
		setFunctions,
		conditionalFunctions,
		jsonFunctions,
		jsonBuilders,
		jsonChanges,
		systemFunctions,
		catalogueFunctions,
	}
}

func aggregateFamilies() []func() []Aggregate {
	return []func() []Aggregate{
		countAggregates,
		sumAggregates,
		intervalAggregates,
		extremeAggregates,
		boolAggregates,
		collectAggregates,
		varianceAggregates,
		jsonAggregates,
	}
}

func castFamilies() []func() []Cast {
	return []func() []Cast{
		numberCasts,
		textCasts,
		objectCasts,
		timeCasts,
		jsonCasts,
	}
}

// tables is the families flattened and indexed, built on first use.
type tables struct {
	functions  []*Function
	aggregates []*Aggregate
	casts      []*Cast
	byName     map[string][]*Function
	aggByName  map[string][]*Aggregate
	castByType map[castKey]*Cast
}

type castKey struct{ from, to types.OID }

var (
	built     tables
	buildOnce sync.Once
)

func load() *tables {
	buildOnce.Do(func() {
		built.byName = map[string][]*Function{}
		built.aggByName = map[string][]*Aggregate{}
		built.castByType = map[castKey]*Cast{}
		for _, family := range scalarFamilies() {
			rows := family()
			for i := range rows {
				f := &rows[i]
				built.functions = append(built.functions, f)
				built.byName[f.Name] = append(built.byName[f.Name], f)
			}
		}
		for _, family := range aggregateFamilies() {
			rows := family()
			for i := range rows {
				a := &rows[i]
				built.aggregates = append(built.aggregates, a)
				built.aggByName[a.Name] = append(built.aggByName[a.Name], a)
			}
		}
		for _, family := range castFamilies() {
			rows := family()
			for i := range rows {
				c := &rows[i]
				built.casts = append(built.casts, c)
				built.castByType[castKey{c.From, c.To}] = c
			}
		}
	})
	return &built
}

// All is every scalar and set-returning function and every operator, in a fixed order. The caller must not change the rows.
func All() []*Function { return load().functions }

// Aggregates is every aggregate, in a fixed order. The caller must not change the rows.
func Aggregates() []*Aggregate { return load().aggregates }

// Casts is the table of casts, in a fixed order. The caller must not change the rows.
func Casts() []*Cast { return load().casts }

// Exists tells whether a function (no aggregate) of that name exists, whatever its arguments.
func Exists(name string) bool { return len(load().byName[name]) > 0 }

// IsAggregate tells whether an aggregate of that name exists.
func IsAggregate(name string) bool { return len(load().aggByName[name]) > 0 }

// IsOperator tells whether the row is an operator, not a function.
func (f *Function) IsOperator() bool {
	switch c := f.Name[0]; {
	case c >= 'a' && c <= 'z', c == '_':
		return false
	}
	return true
}
