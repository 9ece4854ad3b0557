package functions

import (
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// CommonType is the type that several expressions are brought to in UNION, CASE, COALESCE, VALUES, ARRAY and IN, by the
// rules of section 10.5 of PostgreSQL's manual. All unknown gives text. No common type: 42804, worded for the construct
// that Context names ("CASE", "UNION", ...).
func CommonType(args []types.OID) (types.OID, error) {
	best, _, err := CommonTypeFor("", args)
	if err != nil {
		return 0, err
	}
	for _, t := range args {
		if t != best && t != unknown && !implicitly(t, best) {
			return 0, sqlstate.New(sqlstate.CannotCoerce, "could not convert type %s to %s", typeName(t), typeName(best))
		}
	}
	return best, nil
}

// CommonTypeFor is CommonType with the name of the construct for its message, and which of args an error is about. Not all of args
// may have a way to it, which is found out, and told, as each is brought there.
func CommonTypeFor(construct string, args []types.OID) (common types.OID, wrong int, err error) {
	best := types.OID(unknown)
	for i, t := range args {
		if t == unknown || t == best {
			continue
		}
		if best == unknown {
			best = t
			continue
		}
		a, b := types.Of(best).Info(), types.Of(t).Info()
		if a.Category != b.Category {
			if construct != "" {
				construct += " "
			}
			return 0, i, sqlstate.New(sqlstate.DatatypeMismatch, "%stypes %s and %s cannot be matched", construct, typeName(best), typeName(t))
		}
		if !a.Preferred && implicitly(best, t) && !implicitly(t, best) {
			best = t
		}
	}
	if best == unknown {
		return text, 0, nil
	}
	return best, 0, nil
}

func typeName(t types.OID) string {
	switch t {
	case nonarray:
		return "anynonarray"
	case compatible:
		return "anycompatible"
	case compatibles:
		return "anycompatiblearray"
	}
	return types.Of(t).String()
}

// implicitly tells whether a value of type from may be used where to is wanted, without being written as a cast.
func implicitly(from, to types.OID) bool {
	if from == to || from == unknown || to == anything {
		return true
	}
	c, ok := FindCast(from, to, Implicit)
	return ok && c != nil
}
