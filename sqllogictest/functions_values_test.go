package sqllogictest

// argumentValues are what arguments are drawn from, by the type's name: the usual, the extremes, and what is easily got wrong.
var argumentValues = map[string][]string{
	"boolean":  {"true", "false"},
	"smallint": {"0", "1", "-1", "7", "32767", "-32768", "100"},
	"integer":  {"0", "1", "-1", "2", "3", "5", "10", "-7", "100", "2147483647", "-2147483648"},
	"bigint":   {"0", "1", "-1", "2", "10", "63", "-1000000", "4294967296", "9223372036854775807", "-9223372036854775808"},
	"real":     {"0", "1", "-1.5", "0.1", "3.4e38", "1e-45", "Infinity", "-Infinity", "NaN", "16777217", "-0"},
	"double precision": {"0", "1", "-1", "0.5", "2.5", "-2.5", "3.141592653589793", "1e308", "1e-320", "Infinity", "-Infinity", "NaN", "-0",
		"123456789.987654321", "9007199254740993", "0.1", "100", "45"},
	"numeric": {"0", "1", "-1", "0.5", "2.5", "-2.5", "0.00", "1.10", "123456789012345678901234567890.123456789", "-0.000000000000000001", "NaN",
		"Infinity", "-Infinity", "1e20", "99999", "10000", "3", "7.77", "1e-20", "100"},
	"text": {"", "a", "abc", "ABC", "Hello, World", "äöü ß €", "  padded  ", "a%b_c", "12", "-3.5", "2024-02-29", "{1,2}", `x'y"z\`, "aXbXc",
		"%s and %I and %L", "日本語テキスト", "b", "foo.bar", "(a|b)+", "^a.*c$", "\t\n", "9,999.99", "YYYY-MM-DD HH24:MI:SS", "hex", "year", "é"},
	"character varying":      {"", "abc", "Abc ", "äöü", "12"},
	"character":              {"", "abc", "abc  ", "ä"},
	`"char"`:                 {"a", "", "z", "ä", `\377`},
	"name":                   {"", "pg_class", "Mixed Case", "xyz"},
	"bytea":                  {`\x`, `\x00`, `\xdeadbeef`, `\x616263`, `\xff00ff`, `\x0102030405060708090a`},
	"date":                   {"2000-01-01", "2024-02-29", "1999-12-31", "infinity", "-infinity", "0044-03-15 BC", "5874897-12-31", "1970-01-01", "2023-03-26"},
	"time without time zone": {"00:00:00", "12:34:56.789012", "23:59:59.999999", "24:00:00", "03:15:00"},
	"timestamp without time zone": {"2000-01-01 00:00:00", "2024-02-29 12:34:56.789012", "1969-07-20 20:17:40", "infinity", "-infinity",
		"4714-11-24 00:00:00 BC", "294276-12-31 23:59:59.999999", "2023-03-26 02:30:00", "2023-12-31 23:59:59.5"},
	"timestamp with time zone": {"2000-01-01 00:00:00+00", "2024-02-29 12:34:56.789012+02", "1969-07-20 20:17:40-04", "infinity", "-infinity",
		"4714-11-24 00:00:00+00 BC", "294276-12-31 23:59:59.999999+00", "2023-10-29 01:30:00+00"},
	"interval": {"0", "1 day", "1 mon", "-1 year 2 mons -3 days 04:05:06.789", "24:00:00", "30 days", "1 mon 30 days 24:00:00", "-00:00:00.000001",
		"178000000 years", "15 min", "1 week 3 hours"},
	"uuid": {"00000000-0000-0000-0000-000000000000", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "ffffffff-ffff-ffff-ffff-ffffffffffff"},
	"json": {"null", "1", `"text"`, "[]", "{}", `{"a": 1, "b": [1, 2, {"c": null}], "a": 2}`, `[1, "x", null, true, [2]]`, `{"ü": "\u00e4"}`},
	"jsonb": {"null", "1", "1.10", `"text"`, "[]", "{}", `{"a": 1, "b": [1, 2, {"c": null}], "z": {"y": "x"}}`, `[1, "x", null, true, [2]]`,
		`{"ü": "\u00e4"}`, `[{"a": 1}, {"b": 2}]`},
	"oid":                           {"0", "16", "25", "1259", "4294967295"},
	"boolean[]":                     {"{}", "{t,f}", "{NULL}"},
	"smallint[]":                    {"{}", "{1,-32768}", "{{1},{2}}"},
	"integer[]":                     {"{}", "{1,2,3}", "{3,NULL,1}", "{{1,2},{3,4}}", "[2:3]={5,6}", "{2147483647}"},
	"bigint[]":                      {"{}", "{1,2,3}", "{NULL}"},
	"double precision[]":            {"{}", "{1.5,NaN}", "{-0,Infinity}"},
	"numeric[]":                     {"{}", "{1.0,2.50}", "{NaN}"},
	"text[]":                        {"{}", "{a,b,c}", `{"a b",NULL,""}`, "{{a,b},{c,d}}", "{a}", "{b,2}", "{b,2,c}", `{"{x}","\\"}`},
	"date[]":                        {"{}", "{2024-02-29,infinity}"},
	"timestamp with time zone[]":    {"{}", "{2024-02-29 12:00:00+00,NULL}"},
	"interval[]":                    {"{}", `{1 day,"1 mon 2 days"}`},
	"uuid[]":                        {"{}", "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}"},
	"jsonb[]":                       {"{}", `{"{\"a\": 1}",NULL}`},
	"bytea[]":                       {"{}", `{"\\x00","\\xff"}`},
	"timestamp without time zone[]": {"{}", "{2024-02-29 12:00:00,-infinity}"},
}

// elementTypes are what polymorphic arguments of a call become.
var elementTypes = []string{"integer", "text", "numeric", "boolean", "bigint", "double precision", "date", "interval", "uuid", "bytea", "jsonb",
	"timestamp without time zone", "timestamp with time zone"}

var (
	dateTemplates = []string{"YYYY-MM-DD HH24:MI:SS.US", "Day, DD Month YYYY", "FMDay, FMDD FMMonth YYYY", "DDDth IYYY-IW-ID", "HH12:MI:SS AM", "J Q WW W D",
		"YY/MM/DD", "CC Y,YYY BC", "RM rm FMRM", "SSSS MS FF3", "dy DY Dy Mon mon MON", "TZ tz OF TZH:TZM", `"year" YYYY`, "HH24MISS", "YYYYMMDD", "IYYY IDDD",
		"DDTH", "A.M. a.d.", "YYY YY Y", "FMYYYY", "month day"}
	numberTemplates = []string{"9", "999", "000", "9,999.99", "FM9,999.99", "0.00", "S999", "999S", "MI999", "999MI", "999PR", "SG999", "999D99", "9G999G999", "FM000.999",
		"RN", "FMRN", "999th", "9.99EEEE", "99V99", "L999", "999PL", "FM99.9", ".99", "0999.9", "FM0.09", `"n="999`, "FMS9.9", "B9", "99999999999999999999.999"}
	fields    = []string{"year", "month", "day", "hour", "minute", "second", "milliseconds", "microseconds", "dow", "isodow", "doy", "week", "quarter", "decade", "century", "millennium", "epoch", "julian", "isoyear", "timezone", "timezone_hour", "timezone_minute", "Week", "nosuch"}
	zoneNames = []string{"UTC", "Europe/Berlin", "america/new_york", "EST", "CET", "+02", "-05:30", "Asia/Kolkata", "Mars/Phobos", "Australia/Lord_Howe"}
	patterns  = []string{"a", "^a.*c$", "(a|b)+", "[A-Z]", "X", "(.)(.)", "", "b*", "l+", `\d+`, `\w+`, "(?i)ABC", "[[:alpha:]]+", "a{2,3}", "o\\y", "x*?"}
	flags     = []string{"", "i", "g", "gi", "n", "x", "z", "c"}
	paths     = []string{"{a}", "{b,0}", "{b,2,c}", "{b,-1}", "{0}", "{-1}", "{z,y}", "{z,x}", "{5}", "{}", "{a,b}", "{b,x}"}
)

// argumentLists are what single arguments of functions are mostly drawn from, by the function's name and the number of the
// argument, so that calls mean something.
var argumentLists = map[string]map[int][]string{
	"to_char(integer)": {1: numberTemplates}, "to_char(bigint)": {1: numberTemplates}, "to_char(real)": {1: numberTemplates},
	"to_char(double precision)": {1: numberTemplates}, "to_char(numeric)": {1: numberTemplates}, "to_char(interval)": {1: dateTemplates},
	"to_char(timestamp with time zone)": {1: dateTemplates}, "to_char(timestamp without time zone)": {1: dateTemplates},
	"date_trunc": {0: fields, 2: zoneNames}, "date_part": {0: fields}, "extract": {0: fields},
	"timezone":         {0: zoneNames},
	"make_timestamptz": {6: zoneNames, 0: {"2024", "-44", "1"}, 1: {"1", "12", "13"}, 2: {"1", "29"}, 3: {"0", "23", "24"}, 4: {"0", "59"}, 5: {"0", "59.5", "60"}},
	"make_timestamp":   {0: {"2024", "-44", "1"}, 1: {"1", "12", "13"}, 2: {"1", "29"}, 3: {"0", "23", "24"}, 4: {"0", "59"}, 5: {"0", "59.5", "60"}},
	"make_date":        {0: {"2024", "-44", "1"}, 1: {"1", "2", "13"}, 2: {"1", "29", "31"}},
	"encode":           {1: {"hex", "base64", "escape", "HEX", "x"}},
	"decode":           {0: {"", "616263", "YWJj", `a\000b`, "YQ==", "YQ=", "6", "zz", "6 1"}, 1: {"hex", "base64", "escape", "x"}},
	"convert_from":     {1: {"UTF8", "latin1", "SQL_ASCII", "nosuch", "utf-8"}}, "convert_to": {1: {"UTF8", "latin1", "SQL_ASCII", "nosuch"}},
	"length(bytea)":         {1: {"UTF8", "latin1", "SQL_ASCII", "nosuch"}},
	"regexp_replace":        {1: patterns, 2: {"", "x", `\&-`, `<\1>`, `\2\1`}, 3: flags, 5: flags},
	"regexp_match":          {1: patterns, 2: flags},
	"regexp_like":           {1: patterns, 2: flags},
	"regexp_count":          {1: patterns, 2: {"1", "2"}, 3: flags},
	"regexp_instr":          {1: patterns, 2: {"1", "2"}, 3: {"1", "2"}, 4: {"0", "1", "2"}, 5: flags, 6: {"0", "1", "2"}},
	"regexp_substr":         {1: patterns, 2: {"1", "2"}, 3: {"1", "2"}, 4: flags, 5: {"0", "1", "2"}},
	"regexp_split_to_array": {1: patterns, 2: flags},
	"regexp_matches":        {1: patterns, 2: flags}, "regexp_split_to_table": {1: patterns, 2: flags},
	"~": {1: patterns}, "~*": {1: patterns}, "!~": {1: patterns}, "!~*": {1: patterns},
	"~~": {1: {"a%", "%b%", "_", `\%`, `a\`, "%", "ä__", ""}}, "~~*": {1: {"A%", "%B%", "Ä__"}}, "!~~": {1: {"a%", `a\`}}, "!~~*": {1: {"A%"}},
	"substring(text)": {1: patterns}, "split_part": {1: {"", ",", "X", " "}, 2: {"0", "1", "2", "-1", "-2", "9"}},
	"jsonb_set": {1: paths}, "jsonb_insert": {1: paths}, "#-": {1: paths}, "#>": {1: paths}, "#>>": {1: paths},
	"lpad": {1: {"0", "5", "-1", "12"}}, "rpad": {1: {"0", "5", "-1", "12"}}, "repeat": {1: {"0", "3", "-1"}},
	"chr":     {0: {"0", "65", "228", "8364", "55296", "1114112", "-1"}},
	"set_bit": {1: {"0", "7", "31"}}, "set_byte": {1: {"0", "2"}}, "get_byte": {1: {"0", "2"}}, "get_bit": {1: {"0", "7"}},
	"factorial": {0: {"0", "1", "5", "20", "-1", "100"}},
	"round":     {1: {"0", "2", "-2", "30", "5000"}}, "trunc": {1: {"0", "2", "-2", "30"}},
	"width_bucket":             {3: {"1", "5", "0", "100"}},
	"array_fill":               {1: {"{2}", "{2,2}", "{}", "{0}", "{-1}", "{1,NULL}"}, 2: {"{1}", "{1,2}", "{}", "{-5}"}},
	"format":                   {0: {"%s", "%s-%s", "%I", "%L", "%10s|", "%-10s|", "%2$s %1$s", "%%", "%*s", "%-*2$s", "%", "%z", "%1$", "%0$s", "%3$s", "a%sb%Lc"}},
	"generate_series(integer)": {0: {"1", "0", "5", "-2"}, 1: {"1", "4", "-3"}, 2: {"1", "2", "-1", "0"}},
	"generate_series(bigint)":  {0: {"1", "0", "5", "-2"}, 1: {"1", "4", "-3"}, 2: {"1", "2", "-1", "0"}},
	"generate_series(numeric)": {0: {"1", "0.5", "NaN"}, 1: {"1.5", "3", "Infinity", "-1"}, 2: {"0.5", "-1", "0", "NaN"}},
	"generate_series(timestamp without time zone)": {0: {"2024-01-31", "2024-02-28 12:00"}, 1: {"2024-03-01", "2024-02-01"}, 2: {"1 day", "12:00", "-1 day", "0", "1 mon"}},
	"generate_series(timestamp with time zone)":    {0: {"2024-03-30", "2024-03-31 01:00"}, 1: {"2024-04-02"}, 2: {"1 day", "12:00", "1 week", "0"}},
	"unistr": {0: {`\0061`, `d\u0061t\+000061`, `\U00000061`, `\`, `\\`, `\zzzz`, `\d800`}},
}

// argumentTuples are arguments that only make sense together.
var argumentTuples = map[string][][]string{
	"to_date": {{"2024-02-29", "YYYY-MM-DD"}, {"29 Feb 2024", "DD Mon YYYY"}, {"20240229", "YYYYMMDD"}, {"2024-060", "YYYY-DDD"}, {"2024-W09-4", `IYYY-"W"IW-ID`},
		{"2023-02-29", "YYYY-MM-DD"}, {"24-2-9", "YY-MM-DD"}, {"February 1, 44 BC", "Month DD, YYYY BC"}, {"x", "YYYY"}, {"2024-13-01", "YYYY-MM-DD"}, {"2460370", "J"},
		{"1/2/3", "DD/MM/YYYY"}, {"2024", "YYYY"}, {"5 XII 99", "DD RM YY"}, {"2024-02-29 extra", "YYYY-MM-DD"}, {" 2024 - 02", "YYYY-MM"}, {"", "YYYY"}, {"12,024", "Y,YYY"}},
	"to_timestamp": {{"2024-02-29 12:34:56", "YYYY-MM-DD HH24:MI:SS"}, {"2024-02-29 12:34:56.789", "YYYY-MM-DD HH24:MI:SS.MS"}, {"12:34 PM", "HH12:MI PM"},
		{"13:00 AM", "HH12:MI AM"}, {"2024-02-29 25:00", "YYYY-MM-DD HH24:MI"}, {"45000", "SSSS"}, {"2024-02-29 12:00+05", "YYYY-MM-DD HH24:MITZH"},
		{"1.5", "SS.FF1"}, {"2024-03-31 02:30", "YYYY-MM-DD HH24:MI"}, {"12:61", "HH24:MI"}, {"2024-02-29T12:34", `YYYY-MM-DD"T"HH24:MI`}},
	"to_number": {{"1,234.56", "9,999.99"}, {"-12", "S99"}, {"12-", "99MI"}, {"<5>", "9PR"}, {"1.5", "9D9"}, {"abc", "999"}, {"", "9"}, {" 42", "99"}, {"123", "9"}, {"$12", "L99"}},
}

// castTargets are types with and without modifiers to which every type is cast.
var castTargets = []string{"smallint", "integer", "bigint", "real", "double precision", "numeric", "boolean", "date", "time", "timestamp", "timestamptz", "interval",
	"uuid", "bytea", "json", "jsonb", "integer[]", "text[]", "text", "name", `"char"`, "numeric(6,2)", "numeric(3,-2)", "numeric(4,4)", "numeric(1000,1000)", "varchar(2)", "char(3)", "char",
	"time(2)", "timestamp(0)", "timestamptz(3)", "interval(1)", "interval year to month", "interval day to second(0)", "interval hour", "varchar(2)[]", "float(24)"}
