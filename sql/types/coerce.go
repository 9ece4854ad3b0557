package types

// Coerce makes a value of a type's OID one of the type: it applies the modifier. An assignment refuses strings that are too
// long (22001); an explicit cast cuts them. Numbers that do not fit are refused by both (22003). d.Bytes may be replaced by
// new memory or by a part of the old; the old bytes are not written to.
func Coerce(t Type, d *Datum, explicit bool) error {
	if t.Mod < 0 || d.Null {
		return nil
	}
	switch t.OID {
	case VarcharOID:
		if t.Mod >= modHeader {
			return limitText(d, int(t.Mod)-modHeader, "character varying", explicit)
		}
	case BpcharOID:
		if t.Mod >= modHeader {
			d.Bytes = d.Bytes[:len(d.Bytes):len(d.Bytes)]
			return padText(d, int(t.Mod)-modHeader, explicit)
		}
	case NumericOID:
		b, err := NumericCoerce(nil, d.Bytes, t.Mod)
		if err == nil {
			d.Bytes = b
		}
		return err
	case TimeOID:
		d.Int = roundTime(d.Int, int(t.Mod))
	case TimestampOID, TimestamptzOID:
		roundTimestamp(d, t.Mod)
		return nil
	case IntervalOID:
		d.Bytes = IntervalOf(d.Bytes).round(t.Mod).Append(nil)
	default:
		if t.IsArray() {
			return coerceArray(t.Elem(), d, explicit)
		}
	}
	return nil
}

func coerceArray(elem Type, d *Datum, explicit bool) error {
	a := DecodeArray(elem.Kind(), d.Bytes)
	for i := range a.Elems {
		if err := Coerce(elem, &a.Elems[i], explicit); err != nil {
			return err
		}
	}
	d.Bytes = AppendArray(nil, elem.Kind(), a)
	return nil
}

// NeedsCoercion reports whether Coerce could change a value or refuse it.
func (t Type) NeedsCoercion() bool { return t.Mod >= 0 }
