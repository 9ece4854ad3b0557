package functions

import (
	"tarn/sql/types"
)

func arrayToString(args []types.OID) Kernel {
	elem := elemOf(args[0])
	return nullBlobs(func(r *Row, dst []byte) ([]byte, error) {
		if r.Null(0) || r.Null(1) {
			return nil, errNull
		}
		first, at := true, len(dst)
		var err error
		types.ArrayEach(elem.Kind(), r.Bytes(0), func(_ int, d types.Datum) bool {
			if d.Null && (len(r.Args) < 3 || r.Null(2)) {
				return true
			}
			if !first {
				dst = append(dst, r.Bytes(1)...)
			}
			first = false
			if d.Null {
				dst = append(dst, r.Bytes(2)...)
			} else {
				dst = types.AppendText(dst, elem, d, &r.Ctx.Env)
			}
			err = r.Ctx.fits(int64(len(dst) - at))
			return err == nil
		})
		return dst, err
	})
}

func stringToArray(r *Row, dst []byte) ([]byte, error) {
	if r.Null(0) {
		return nil, errNull
	}
	nullWord := types.Null
	if len(r.Args) > 2 {
		nullWord = r.datum(2)
	}
	return appendTexts(dst, splitText(r.Text(0), r.datum(1), nullWord)), nil
}

// appendTexts appends an array of text.
func appendTexts(dst []byte, elems []types.Datum) []byte {
	return types.AppendArray(dst, types.Bytes, types.ArrayOf(elems))
}
