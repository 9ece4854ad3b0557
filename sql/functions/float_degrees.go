package functions

import "math"

// The trigonometric functions of degrees, as PostgreSQL computes them: where schoolbooks have an exact value (sind(30),
// acosd(0.5), tand(45)), so have these, because each quotient there is of equal terms. They never come out as -0.

const radiansPerDegree float64 = 0.0174532925199432957692

var (
	sin30         = sinFloat(inRadians(30))
	oneMinusCos60 = 1 - cosFloat(inRadians(60))
	asinHalf      = asinFloat(0.5)
	acosHalf      = acosFloat(0.5)
	atanOne       = atanFloat(1)
	tan45         = sinFirst(45) / cosFirst(45)
	cot45         = cosFirst(45) / sinFirst(45)
)

func inRadians(x float64) float64 { return x * radiansPerDegree }
func sinUpTo30(x float64) float64 { return sinFloat(inRadians(x)) / sin30 / 2 }
func cosUpTo60(x float64) float64 { return 1 - (1-cosFloat(inRadians(x)))/oneMinusCos60/2 }

// sinFirst and cosFirst are for the first quadrant, 0 to 90.
func sinFirst(x float64) float64 {
	if x <= 30 {
		return sinUpTo30(x)
	}
	return cosUpTo60(90 - x)
}

func cosFirst(x float64) float64 {
	if x <= 60 {
		return cosUpTo60(x)
	}
	return sinUpTo30(90 - x)
}

// firstQuadrant is the angle of the first quadrant whose functions have the magnitude of those of x, and the signs of its
// sine and cosine.
func firstQuadrant(x float64) (first, sin, cos float64) {
	x, sin, cos = math.Mod(x, 360), 1, 1
	if x < 0 {
		x, sin = -x, -sin
	}
	if x > 180 {
		x, sin = 360-x, -sin
	}
	if x > 90 {
		x, cos = 180-x, -cos
	}
	return x, sin, cos
}

func sinDegrees(x float64) float64 {
	x, sin, _ := firstQuadrant(x)
	return sin * sinFirst(x)
}

func cosDegrees(x float64) float64 {
	x, _, cos := firstQuadrant(x)
	return cos * cosFirst(x)
}

func tanDegrees(x float64) float64 {
	x, sin, cos := firstQuadrant(x)
	return sin*cos*(sinFirst(x)/cosFirst(x)/tan45) + 0
}

func cotDegrees(x float64) float64 {
	x, sin, cos := firstQuadrant(x)
	return sin*cos*(cosFirst(x)/sinFirst(x)/cot45) + 0
}

func asinDegrees(x float64) float64 { return math.Copysign(asinFirst(math.Abs(x)), x) }

func asinFirst(x float64) float64 {
	if x <= 0.5 {
		return asinFloat(x) / asinHalf * 30
	}
	return 90 - float64(acosFloat(x)/acosHalf*60)
}

func acosDegrees(x float64) float64 {
	switch {
	case x < 0:
		return 90 + asinFirst(-x)
	case x <= 0.5:
		return 90 - float64(asinFloat(x)/asinHalf*30)
	}
	return acosFloat(x) / acosHalf * 60
}

func atanDegrees(x float64) float64     { return atanFloat(x) / atanOne * 45 }
func atan2Degrees(y, x float64) float64 { return atan2Float(y, x) / atanOne * 45 }
