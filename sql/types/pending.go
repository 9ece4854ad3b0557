// Types whose codecs follow in their own files.
package types

var jsonCodec, jsonbCodec, int2vectorCodec, oidvectorCodec codec

func arrayIn(d *Datum, s string, t Type, env *Env) error        { return nil }
func arrayOut(dst []byte, d Datum, info *Info, env *Env) []byte { return dst }
func arraySend(dst []byte, d Datum, info *Info) []byte          { return dst }
func arrayRecv(d *Datum, b []byte, t Type) error                { return nil }
func compareArrays(info *Info, a, b Datum) int                  { return 0 }
func appendArrayKey(dst []byte, info *Info, d Datum) []byte     { return dst }
func appendRecordKey(dst []byte, d Datum) []byte                { return dst }
func recordOut(dst []byte, d Datum, env *Env) []byte            { return dst }
func recordSend(dst []byte, d Datum) []byte                     { return dst }
