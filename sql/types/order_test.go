package types

import (
	"bytes"
	"fmt"
	"math"
	"math/rand"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// TestOrder checks order and equality: lines "type | values, separated by ; | the rank of each".
func TestOrder(t *testing.T) {
	env := goldenEnv(t)
	golden(t, "order.txt", 2, func(conn *pgconn.PgConn, in []string) string {
		var rows []string
		for i, v := range splitArgs(in[1]) {
			rows = append(rows, fmt.Sprintf("(%d, %s::%s)", i, literal(v), in[0]))
		}
		text, err := queryOne(conn, "SELECT string_agg(r::text, ' ' ORDER BY i) FROM (SELECT i, dense_rank() OVER (ORDER BY v) AS r FROM (VALUES "+
			strings.Join(rows, ", ")+") AS x(i, v)) AS y", 0)
		if err != nil {
			return describePG(err)
		}
		return string(text)
	}, func(in []string) string {
		typ, err := typeOf(in[0])
		if err != nil {
			return describe(err)
		}
		var values []Datum
		for _, v := range splitArgs(in[1]) {
			d, err := Parse(typ, v, env)
			if err != nil {
				return describe(err)
			}
			values = append(values, d)
		}
		checkKeys(t, typ, values, env)
		return ranks(len(values), func(i, j int) int { return Compare(typ, values[i], values[j]) })
	})
}

func ranks(n int, compare func(i, j int) int) string {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return compare(order[a], order[b]) < 0 })
	rank, result := 0, make([]string, n)
	for i, v := range order {
		if i == 0 || compare(order[i-1], v) != 0 {
			rank++
		}
		result[v] = strconv.Itoa(rank)
	}
	return strings.Join(result, " ")
}

// checkKeys compares each pair of values by Compare and by their keys, and that no key is a prefix of a different one.
func checkKeys(t *testing.T, typ Type, values []Datum, env *Env) {
	t.Helper()
	keys := make([][]byte, len(values))
	for i, v := range values {
		keys[i] = AppendKey(nil, typ, v)
	}
	for i, a := range values {
		for j, b := range values {
			order, byKey := Compare(typ, a, b), bytes.Compare(keys[i], keys[j])
			if order != byKey || order != 0 && bytes.HasPrefix(keys[i], keys[j]) {
				t.Errorf("%s: %s and %s compare as %d, their keys %x and %x as %d", typ,
					AppendText(nil, typ, a, env), AppendText(nil, typ, b, env), order, keys[i], keys[j], byKey)
			}
		}
	}
}

// randomValue makes a value of a type that often collides with others in part.
func randomValue(rng *rand.Rand, oid OID) Datum {
	pick := func(words ...string) string { return words[rng.Intn(len(words))] }
	text := func(s string) Datum {
		d, err := Parse(Of(oid), s, nil)
		if err != nil {
			panic(err)
		}
		return d
	}
	switch oid {
	case BoolOID:
		return Datum{Int: int64(rng.Intn(2))}
	case Int8OID, TimestampOID:
		return Datum{Int: rng.Int63n(5) - 2<<rng.Intn(62)}
	case Float8OID:
		return Datum{Float: []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), rng.NormFloat64(), math.Ldexp(rng.NormFloat64(), rng.Intn(2000)-1000)}[rng.Intn(7)]}
	case TextOID, BpcharOID:
		b := make([]byte, rng.Intn(4))
		for i := range b {
			b[i] = "ab \x01\xff"[rng.Intn(5)]
		}
		return Datum{Bytes: b}
	case ByteaOID:
		b := make([]byte, rng.Intn(4))
		for i := range b {
			b[i] = "\x00\x01\xff"[rng.Intn(3)]
		}
		return Datum{Bytes: b}
	case NumericOID:
		if rng.Intn(10) == 0 {
			return text(pick("NaN", "inf", "-inf", "0", "0.000"))
		}
		digits := strconv.FormatInt(rng.Int63()>>rng.Intn(63), 10) + pick("", "0", "00", "123456789012345678901")
		return text(pick("", "-") + digits + "e" + strconv.Itoa(rng.Intn(30)-15))
	case IntervalOID:
		return Datum{Bytes: AppendInterval(nil, int32(rng.Intn(5)-2), int32(rng.Intn(91)-45), (rng.Int63n(5)-2)*USPerDay/int64(1+rng.Intn(2)))}
	case Int4ArrayOID:
		elems := make([]Datum, rng.Intn(4))
		for i := range elems {
			elems[i] = Datum{Int: int64(rng.Intn(3))}
			elems[i].Null = rng.Intn(5) == 0
		}
		a := ArrayOf(elems)
		if len(elems) > 0 {
			a.Dims[0].Lower = int32(rng.Intn(2))
		}
		return Datum{Bytes: AppendArray(nil, Int64, a)}
	case JSONBOID:
		return text(randomJSON(rng, 3))
	}
	panic("no random values of " + Of(oid).String())
}

func randomJSON(rng *rand.Rand, depth int) string {
	kind := rng.Intn(7)
	if depth == 0 {
		kind = rng.Intn(5)
	}
	switch kind {
	case 0:
		return "null"
	case 1:
		return "true"
	case 2:
		return "false"
	case 3:
		return strconv.Itoa(rng.Intn(3)) + []string{"", ".0", "e1"}[rng.Intn(3)]
	case 4:
		return []string{`""`, `"a"`, `"a\u0001"`, `"b"`, `"aa"`}[rng.Intn(5)]
	case 5:
		parts := make([]string, rng.Intn(3))
		for i := range parts {
			parts[i] = randomJSON(rng, depth-1)
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	parts := make([]string, rng.Intn(3))
	for i := range parts {
		parts[i] = []string{`"a"`, `"b"`, `"aa"`, `""`}[rng.Intn(4)] + ":" + randomJSON(rng, depth-1)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// TestKeyOrder checks on random values that keys are ordered and equal exactly as Compare says.
func TestKeyOrder(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for _, oid := range []OID{BoolOID, Int8OID, TimestampOID, Float8OID, TextOID, BpcharOID, ByteaOID, NumericOID, IntervalOID, Int4ArrayOID, JSONBOID} {
		values := make([]Datum, 200)
		for i := range values {
			values[i] = randomValue(rng, oid)
		}
		checkKeys(t, Of(oid), values, nil)
	}
}

// TestRecord checks packing, printing and the order of records.
func TestRecord(t *testing.T) {
	ts := []Type{Of(Int4OID), Of(TextOID), Of(NumericOID)}
	row := func(a int64, b string, c Datum) Datum {
		return Datum{Bytes: AppendRecord(nil, ts, []Datum{{Int: a}, {Bytes: []byte(b)}, c})}
	}
	one := Datum{Bytes: mustNumeric(t, "1.0")}
	rows := []Datum{row(1, "a", one), row(1, "a", Null), row(1, "b, \"c\"", one), row(2, "", one)}
	for i, want := range []string{`(1,a,1.0)`, `(1,a,)`, `(1,"b, ""c""",1.0)`, `(2,"",1.0)`} {
		if got := string(AppendText(nil, Of(RecordOID), rows[i], nil)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if i > 0 && Compare(Of(RecordOID), rows[i-1], rows[i]) >= 0 {
			t.Errorf("record %d does not come after the one before", i)
		}
	}
	other := row(1, "a", Datum{Bytes: mustNumeric(t, "1.00")})
	if Compare(Of(RecordOID), rows[0], other) != 0 {
		t.Error("(1,a,1.0) is not equal to (1,a,1.00)")
	}
}
