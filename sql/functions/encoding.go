package functions

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// encodings are the character sets by the names that PostgreSQL knows, in lower case without punctuation. Text is in UTF-8;
// it can be converted to and from LATIN1 and SQL_ASCII, which leaves bytes as they are.
var encodings = map[string]string{
	"utf8": "UTF8", "unicode": "UTF8", "sqlascii": "SQL_ASCII", "latin1": "LATIN1", "iso88591": "LATIN1",
	"latin2": "LATIN2", "iso88592": "LATIN2", "latin3": "LATIN3", "iso88593": "LATIN3", "latin4": "LATIN4", "iso88594": "LATIN4",
	"latin5": "LATIN5", "iso88599": "LATIN5", "latin6": "LATIN6", "iso885910": "LATIN6", "latin7": "LATIN7", "iso885913": "LATIN7",
	"latin8": "LATIN8", "iso885914": "LATIN8", "latin9": "LATIN9", "iso885915": "LATIN9", "latin10": "LATIN10", "iso885916": "LATIN10",
	"iso88595": "ISO_8859_5", "iso88596": "ISO_8859_6", "iso88597": "ISO_8859_7", "iso88598": "ISO_8859_8",
	"koi8": "KOI8R", "koi8r": "KOI8R", "koi8u": "KOI8U", "alt": "WIN866", "win866": "WIN866", "windows866": "WIN866",
	"win874": "WIN874", "windows874": "WIN874", "win1250": "WIN1250", "windows1250": "WIN1250", "win": "WIN1251", "win1251": "WIN1251",
	"windows1251": "WIN1251", "win1252": "WIN1252", "windows1252": "WIN1252", "win1253": "WIN1253", "windows1253": "WIN1253",
	"win1254": "WIN1254", "windows1254": "WIN1254", "win1255": "WIN1255", "windows1255": "WIN1255", "win1256": "WIN1256",
	"windows1256": "WIN1256", "win1257": "WIN1257", "windows1257": "WIN1257", "abc": "WIN1258", "tcvn": "WIN1258", "tcvn5712": "WIN1258",
	"vscii": "WIN1258", "win1258": "WIN1258", "windows1258": "WIN1258", "big5": "BIG5", "win950": "BIG5", "windows950": "BIG5",
	"euccn": "EUC_CN", "eucjis2004": "EUC_JIS_2004", "eucjp": "EUC_JP", "euckr": "EUC_KR", "euctw": "EUC_TW", "gb18030": "GB18030",
	"gbk": "GBK", "win936": "GBK", "windows936": "GBK", "johab": "JOHAB", "mskanji": "SJIS", "shiftjis": "SJIS", "sjis": "SJIS",
	"win932": "SJIS", "windows932": "SJIS", "shiftjis2004": "SHIFT_JIS_2004", "muleinternal": "MULE_INTERNAL", "uhc": "UHC",
	"win949": "UHC", "windows949": "UHC",
}

// findEncoding is the encoding of a name; what is how the error calls it. 22023 if there is none, 0A000 for those that are
// known by name only.
func findEncoding(name, what string) (string, error) {
	var key []byte
	for _, c := range []byte(name) {
		switch {
		case c >= 'A' && c <= 'Z':
			key = append(key, c+'a'-'A')
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			key = append(key, c)
		}
	}
	encoding, ok := encodings[string(key)]
	switch {
	case !ok:
		return "", sqlstate.New(sqlstate.InvalidParameterValue, "invalid %s name \"%s\"", what, name)
	case encoding != "UTF8" && encoding != "LATIN1" && encoding != "SQL_ASCII":
		return "", sqlstate.New(sqlstate.FeatureNotSupported, "conversion of encoding \"%s\" is not supported", encoding)
	}
	return encoding, nil
}

// checkEncoded fails bytes that are no text in an encoding.
func checkEncoded(b []byte, encoding string) error {
	if encoding == "UTF8" {
		_, err := types.Parse(types.Of(text), string(b), nil)
		return err
	}
	if bytes.IndexByte(b, 0) >= 0 {
		return sqlstate.New(sqlstate.CharacterNotInRepertoire, "invalid byte sequence for encoding \"%s\": 0x00", encoding)
	}
	return nil
}

func convertFrom(r *Row, dst []byte) ([]byte, error) {
	b := r.Bytes(0)
	encoding, err := findEncoding(r.Text(1), "source encoding")
	if err != nil {
		return nil, err
	}
	if err := checkEncoded(b, encoding); err != nil {
		return nil, err
	}
	if encoding == "LATIN1" {
		for _, c := range b {
			dst = utf8.AppendRune(dst, rune(c))
		}
		return dst, nil
	}
	return append(dst, b...), checkEncoded(b, "UTF8")
}

func convertTo(r *Row, dst []byte) ([]byte, error) {
	encoding, err := findEncoding(r.Text(1), "destination encoding")
	if err != nil {
		return nil, err
	}
	if encoding != "LATIN1" {
		return append(dst, r.Bytes(0)...), nil
	}
	for _, c := range r.Text(0) {
		if c > 0xff {
			var form strings.Builder
			for _, b := range []byte(string(c)) {
				form.WriteString(" 0x")
				form.Write(appendHexByte(nil, b))
			}
			return nil, sqlstate.New(sqlstate.UntranslatableCharacter,
				"character with byte sequence%s in encoding \"UTF8\" has no equivalent in encoding \"%s\"", form.String(), encoding)
		}
		dst = append(dst, byte(c))
	}
	return dst, nil
}

func appendHexByte(dst []byte, b byte) []byte {
	const digits = "0123456789abcdef"
	return append(dst, digits[b>>4], digits[b&15])
}

// encodedLength is the number of characters in bytes of an encoding.
func encodedLength(r *Row) (int64, error) {
	encoding, err := findEncoding(r.Text(1), "encoding")
	if err != nil {
		return 0, err
	}
	if err := checkEncoded(r.Bytes(0), encoding); err != nil {
		return 0, err
	}
	if encoding == "UTF8" {
		return int64(utf8.RuneCount(r.Bytes(0))), nil
	}
	return int64(len(r.Bytes(0))), nil
}
