package functions

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// exactly are the elementary functions again, slowly: series in 500 bits.
type exactly struct{ *big.Float }

const exactBits = 500

func number(x float64) exactly {
	return exactly{new(big.Float).SetPrec(exactBits).SetFloat64(x)}
}

func fresh() *big.Float { return new(big.Float).SetPrec(exactBits) }

func (a exactly) add(b exactly) exactly { return exactly{fresh().Add(a.Float, b.Float)} }
func (a exactly) sub(b exactly) exactly { return exactly{fresh().Sub(a.Float, b.Float)} }
func (a exactly) mul(b exactly) exactly { return exactly{fresh().Mul(a.Float, b.Float)} }
func (a exactly) div(b exactly) exactly { return exactly{fresh().Quo(a.Float, b.Float)} }
func (a exactly) sqrt() exactly         { return exactly{fresh().Sqrt(a.Float)} }
func (a exactly) times(k int) exactly   { return exactly{fresh().SetMantExp(a.Float, k)} } // a * 2^k

// series is the sum of terms, of which next makes the n-th from the one before, until they do not matter.
func series(first exactly, next func(term exactly, n int) exactly) exactly {
	sum := first
	for n := 1; first.Sign() != 0; n++ {
		first = next(first, n)
		if first.Sign() == 0 || first.MantExp(nil) < sum.MantExp(nil)-exactBits {
			break
		}
		sum = sum.add(first)
	}
	return sum
}

func (a exactly) exp() exactly {
	small := a.times(-20)
	sum := series(number(1), func(term exactly, n int) exactly { return term.mul(small).div(number(float64(n))) })
	for range 20 {
		sum = sum.mul(sum)
	}
	return sum
}

// log is Newton's (Halley's) way back from exp.
func (a exactly) log() exactly {
	k := a.MantExp(nil)
	ln2 := number(math.Ln2)
	m := a.times(-k)
	guess, _ := m.Float64()
	y := number(math.Log(guess))
	for range 4 {
		e, two := y.exp(), ln2.exp()
		y = y.add(m.sub(e).div(m.add(e)).times(1))
		ln2 = ln2.add(number(2).sub(two).div(number(2).add(two)).times(1))
	}
	return y.add(ln2.mul(number(float64(k))))
}

func (a exactly) atan() exactly {
	for range 10 {
		a = a.div(number(1).add(number(1).add(a.mul(a)).sqrt()))
	}
	power, square := a, a.mul(a)
	return series(a, func(_ exactly, n int) exactly {
		power = exactly{fresh().Neg(power.mul(square).Float)}
		return power.div(number(float64(2*n + 1)))
	}).times(10)
}

// atan2 is the angle of (x, y), for x or y not 0.
func atan2(y, x exactly) exactly {
	radius := x.mul(x).add(y.mul(y)).sqrt()
	if x.Sign() < 0 && y.Sign() != 0 {
		return radius.sub(x).div(y).atan().times(1)
	}
	return y.div(radius.add(x)).atan().times(1)
}

// turns are x less as many times pi/2 as it has, with 1700 bits, and how many these are modulo 4.
func turns(x float64) (rest exactly, quarter int) {
	product := new(big.Float).SetPrec(1700).SetFloat64(x)
	product.Quo(product, halfPiExactly)
	whole, _ := product.Int(nil)
	product.Sub(product, new(big.Float).SetPrec(1700).SetInt(whole))
	product.Mul(product, halfPiExactly)
	return exactly{fresh().Set(product)}, int(new(big.Int).And(whole, big.NewInt(3)).Int64())
}

// halfPiExactly has 1700 bits: pi/4 = 4 atan(1/5) - atan(1/239).
var halfPiExactly = func() *big.Float {
	const precision = 1800
	inverse := func(n int64) *big.Float {
		sum, power := new(big.Float).SetPrec(precision), new(big.Float).SetPrec(precision).Quo(big.NewFloat(1), big.NewFloat(float64(n)))
		for k := int64(1); k < 900; k += 2 {
			term := new(big.Float).SetPrec(precision).Quo(power, new(big.Float).SetInt64(k))
			if k%4 == 3 {
				term.Neg(term)
			}
			sum.Add(sum, term)
			power.Quo(power, new(big.Float).SetInt64(n*n))
		}
		return sum
	}
	quarter := inverse(5)
	quarter.SetMantExp(quarter, 2)
	quarter.Sub(quarter, inverse(239))
	return quarter.SetMantExp(quarter, 1)
}()

func sinAndCos(x float64) (sin, cos exactly) {
	rest, quarter := turns(x)
	square := exactly{fresh().Neg(rest.mul(rest).Float)}
	step := func(odd int) func(exactly, int) exactly {
		return func(term exactly, n int) exactly {
			return term.mul(square).div(number(float64((2*n + odd) * (2*n + odd - 1))))
		}
	}
	sin, cos = series(rest, step(1)), series(number(1), step(0))
	for range quarter {
		sin, cos = cos, exactly{fresh().Neg(sin.Float)}
	}
	return sin, cos
}

func hyperbolics(x float64) (sinh, cosh exactly) {
	up := number(x).exp()
	down := number(1).div(up)
	return up.sub(down).times(-1), up.add(down).times(-1)
}

// elementary are the functions of one float8, as computed and exactly, with where they are compared.
var elementary = map[string]struct {
	f     func(float64) float64
	exact func(x float64) exactly
	in    func(x float64) bool
}{
	"exp":   {expFloat, func(x float64) exactly { return number(x).exp() }, within(800)},
	"ln":    {naturalLog, func(x float64) exactly { return number(x).log() }, positive},
	"log10": {decimalLog, func(x float64) exactly { return number(x).log().div(number(10).log()) }, positive},
	"cbrt":  {cbrtFloat, func(x float64) exactly { return number(x).log().div(number(3)).exp() }, positive},
	"sin":   {sinFloat, func(x float64) exactly { sin, _ := sinAndCos(x); return sin }, finite},
	"cos":   {cosFloat, func(x float64) exactly { _, cos := sinAndCos(x); return cos }, finite},
	"tan":   {tanFloat, func(x float64) exactly { sin, cos := sinAndCos(x); return sin.div(cos) }, finite},
	"sinh":  {sinhFloat, func(x float64) exactly { sinh, _ := hyperbolics(x); return sinh }, between(1e-30, 800)},
	"cosh":  {coshFloat, func(x float64) exactly { _, cosh := hyperbolics(x); return cosh }, within(800)},
	"tanh":  {tanhFloat, func(x float64) exactly { sinh, cosh := hyperbolics(x); return sinh.div(cosh) }, between(1e-30, 800)},
	"atan":  {atanFloat, func(x float64) exactly { return atan2(number(x), number(1)) }, finite},
	"asin": {asinFloat, func(x float64) exactly {
		return atan2(number(x), number(1).sub(number(x).mul(number(x))).sqrt())
	}, within(0.9999999999999999)},
	"acos": {acosFloat, func(x float64) exactly {
		return atan2(number(1).sub(number(x).mul(number(x))).sqrt(), number(x))
	}, within(0.9999999999999999)},
	"asinh": {asinhFloat, func(x float64) exactly {
		return number(x).add(number(x).mul(number(x)).add(number(1)).sqrt()).log()
	}, func(x float64) bool { return x > 1e-30 && finite(x) }},
	"acosh": {acoshFloat, func(x float64) exactly {
		return number(x).add(number(x).mul(number(x)).sub(number(1)).sqrt()).log()
	}, func(x float64) bool { return x > 1 && finite(x) }},
	"atanh": {atanhFloat, func(x float64) exactly {
		return number(1).add(number(x)).div(number(1).sub(number(x))).log().times(-1)
	}, between(1e-30, 0.9999999999999999)},
}

func positive(x float64) bool { return x > 0 && x != 1 && finite(x) }

func within(limit float64) func(float64) bool { return between(0, limit) }

// between is for the magnitude: where that is tiny, the exact functions here would need more bits.
func between(low, high float64) func(float64) bool {
	return func(x float64) bool { return math.Abs(x) >= low && math.Abs(x) <= high }
}

// anyFloat is of any size, but often where functions are interesting: near 0, near 1, near multiples of pi.
func anyFloat(r *rand.Rand) float64 {
	switch r.IntN(6) {
	case 0:
		return math.Float64frombits(r.Uint64())
	case 1:
		return r.NormFloat64()
	case 2:
		return 1 + r.NormFloat64()*math.Ldexp(1, -r.IntN(55))
	case 3:
		return float64(r.IntN(1000)) * (math.Pi / 4)
	case 4:
		return float64(r.IntN(2001)-1000) / 10
	}
	return r.NormFloat64() * math.Ldexp(1, r.IntN(140)-70)
}

// mustRound fails the test unless got is want, rounded. Where want is closer to the middle between two floats than 2^-93 of
// itself, either will do.
func mustRound(t *testing.T, call string, args []float64, got float64, want exactly) {
	t.Helper()
	if v, _ := want.Float64(); v == got {
		return
	}
	bit := want.times(-93)
	for _, near := range []exactly{want.add(bit), want.sub(bit)} {
		if v, _ := near.Float64(); v == got {
			return
		}
	}
	v, _ := want.Float64()
	t.Errorf("%s%v is %v, want %v", call, args, got, v)
}

// Every elementary function is the float8 nearest to its exact value.
func TestElementaryFunctionsRoundOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		x, y := anyFloat(r), anyFloat(r)
		for name, e := range elementary {
			if e.in(x) {
				mustRound(t, name, []float64{x}, e.f(x), e.exact(x))
			}
		}
		if finite(x) && finite(y) && x != 0 && y != 0 {
			mustRound(t, "atan2", []float64{y, x}, atan2Float(y, x), atan2(number(y), number(x)))
		}
		if x = math.Abs(x); positive(x) && math.Abs(math.Log(x)*y) < 800 {
			mustRound(t, "power", []float64{x, y}, powFloat(x, y), number(x).log().mul(number(y)).exp())
		}
	}
}

// Powers of integers and of squares are exact, and rounded to even where they lie between two float8.
func TestExactPowers(t *testing.T) {
	for base := 1.0; base < 60; base++ {
		product := number(1)
		for n := 1.0; n < 60; n++ {
			product = product.mul(number(base))
			want, _ := product.Float64()
			for _, p := range [][2]float64{{base, n}, {base * base, n / 2}, {base * base * base * base, n / 4}} {
				if got := powFloat(p[0], p[1]); got != want {
					t.Errorf("power(%v, %v) is %v, want %v", p[0], p[1], got, want)
				}
			}
			scale := math.Ldexp(1, -int(n)*18)
			if got := powFloat(math.Ldexp(base, -18), n); n*18 < 1000 && got != want*scale {
				t.Errorf("power(%v / 2^18, %v) is %v, want %v", base, n, got, want*scale)
			}
		}
	}
}

// At the ends of the range, and of what is no number, functions are as package math has them.
func TestElementaryFunctionsAtTheEnds(t *testing.T) {
	if naturalLog(1) != 0 || decimalLog(1) != 0 || acoshFloat(1) != 0 || acosFloat(1) != 0 {
		t.Error("the logarithm of 1, its inverse hyperbolic or plain cosine is not 0")
	}
	plain := map[string]func(float64) float64{"exp": math.Exp, "cbrt": math.Cbrt, "sin": math.Sin, "cos": math.Cos, "tan": math.Tan,
		"sinh": math.Sinh, "cosh": math.Cosh, "tanh": math.Tanh, "atan": math.Atan, "asinh": math.Asinh}
	for _, x := range []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), 5e-324, -5e-324} {
		for name, f := range plain {
			got, want := elementary[name].f(x), f(x)
			if math.Float64bits(got) != math.Float64bits(want) && (got == got || want == want) {
				t.Errorf("%s(%v) is %v, want %v", name, x, got, want)
			}
		}
	}
}

// Degrees have the exact values of schoolbooks.
func TestDegrees(t *testing.T) {
	for turn := -720.0; turn <= 720; turn += 360 {
		for _, c := range []struct {
			name           string
			f              func(float64) float64
			argument, want float64
		}{
			{"sind", sinDegrees, 0, 0}, {"sind", sinDegrees, 30, 0.5}, {"sind", sinDegrees, 90, 1}, {"sind", sinDegrees, 150, 0.5},
			{"sind", sinDegrees, 180, 0}, {"sind", sinDegrees, 210, -0.5}, {"sind", sinDegrees, 270, -1}, {"sind", sinDegrees, 330, -0.5},
			{"cosd", cosDegrees, 0, 1}, {"cosd", cosDegrees, 60, 0.5}, {"cosd", cosDegrees, 90, 0}, {"cosd", cosDegrees, 120, -0.5},
			{"cosd", cosDegrees, 180, -1}, {"cosd", cosDegrees, 240, -0.5}, {"cosd", cosDegrees, 270, 0}, {"cosd", cosDegrees, 300, 0.5},
			{"tand", tanDegrees, 0, 0}, {"tand", tanDegrees, 45, 1}, {"tand", tanDegrees, 135, -1}, {"tand", tanDegrees, 225, 1},
			{"cotd", cotDegrees, 45, 1}, {"cotd", cotDegrees, 90, 0}, {"cotd", cotDegrees, 135, -1}, {"cotd", cotDegrees, 315, -1},
		} {
			if got := c.f(turn + c.argument); got != c.want {
				t.Errorf("%s(%v) is %v, want %v", c.name, turn+c.argument, got, c.want)
			}
		}
	}
	for _, c := range []struct {
		name           string
		f              func(float64) float64
		argument, want float64
	}{
		{"asind", asinDegrees, -1, -90}, {"asind", asinDegrees, -0.5, -30}, {"asind", asinDegrees, 0.5, 30}, {"asind", asinDegrees, 1, 90},
		{"acosd", acosDegrees, -1, 180}, {"acosd", acosDegrees, -0.5, 120}, {"acosd", acosDegrees, 0, 90}, {"acosd", acosDegrees, 0.5, 60},
		{"acosd", acosDegrees, 1, 0}, {"atand", atanDegrees, 1, 45}, {"atand", atanDegrees, -1, -45},
	} {
		if got := c.f(c.argument); got != c.want {
			t.Errorf("%s(%v) is %v, want %v", c.name, c.argument, got, c.want)
		}
	}
}

func BenchmarkElementaryFunctions(b *testing.B) {
	for name, e := range elementary {
		b.Run(name, func(b *testing.B) {
			var sum float64
			for i := range b.N {
				x := float64(i&1023)/1024 + 1.0/2048
				if name == "acosh" {
					x++
				}
				sum += e.f(x)
			}
			if sum != sum {
				b.Fatal("not a number")
			}
		})
	}
}
