package types

import "strings"

// int2vector and oidvector are arrays of one dimension numbered from 0 whose text has spaces between the elements.
var (
	int2vectorCodec = vectorCodec(int2Codec)
	oidvectorCodec  = vectorCodec(oidCodec)
)

func vectorCodec(elem codec) codec {
	return codec{
		in: func(d *Datum, s string, _ int32, env *Env) error {
			var a Array
			for _, word := range strings.Fields(s) {
				var e Datum
				if err := elem.in(&e, word, -1, env); err != nil {
					return err
				}
				a.Elems = append(a.Elems, e)
			}
			a.Dims = []Dim{{Len: int32(len(a.Elems)), Lower: 0}}
			d.Bytes = AppendArray(d.Bytes[:0], Int64, a)
			return nil
		},
		out: func(dst []byte, d Datum, env *Env) []byte {
			ArrayEach(Int64, d.Bytes, func(i int, e Datum) bool {
				if i > 0 {
					dst = append(dst, ' ')
				}
				dst = elem.out(dst, e, env)
				return true
			})
			return dst
		},
	}
}
