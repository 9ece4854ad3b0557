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
		"DDTH", "A.M. a.d.", "YYY YY Y", "FMYYYY", "month day", "FMHH FMMI FMSS FMMS FMUS FMFF2", "Hh24 hh24 Yyyy yyyy", "YYYYth MMTH Y,YYYth CCth", "DDSP TMMonth FXDD fmDD",
		"IYYYIYYIYI FMIYYY FMIW FMIDDD ID", "FMOF of tzh FMTZH tz", "FMMonthth SSSSSth Jth Qth", `\"a"b\"\YYYY"`, "FMTMMonth FM FX", "FMDDD FMCC FMY,YYY FMWW"}
	numberTemplates = []string{"9", "999", "000", "9,999.99", "FM9,999.99", "0.00", "S999", "999S", "MI999", "999MI", "999PR", "SG999", "999D99", "9G999G999", "FM000.999",
		"RN", "FMRN", "999th", "9.99EEEE", "99V99", "L999", "999PL", "FM99.9", ".99", "0999.9", "FM0.09", `"n="999`, "FMS9.9", "B9", "99999999999999999999.999",
		"fm99", "rn", "FMrnth", "9EEEE", "9.999999eeee", "FM9.99EEEE", "9EEEE9", "S9PR", "9PR9", "9.9.9", "9.9V9", "9V9.9", "9S9S", "S99MI", "99MIS", "FM9.9S", "9S.9",
		"FM999PR", "PL99", "FMPL99.0", "9SG9", "FML99", "FM9V9", "V99", "FM99V9th", "0V0", "9,9,9", "FM9,9,9", ",99", "99.0", "FM90.99900", "FM9.", "9.", ".", "TH", "99TH",
		"FM99th", "S.9", "9.9th", "FM0000", "0000.0000", "0,000", "FM0,000", "RNPL", "RNSG", "RN9.9", "09.90PR", "FM.999", "D99", "99D", "FM9999D0000", `9"x\"y"9`, `\"9`, "99SP", "b99"}
	fields    = []string{"year", "month", "day", "hour", "minute", "second", "milliseconds", "microseconds", "dow", "isodow", "doy", "week", "quarter", "decade", "century", "millennium", "epoch", "julian", "isoyear", "timezone", "timezone_hour", "timezone_minute", "Week", "nosuch"}
	zoneNames = []string{"UTC", "Europe/Berlin", "america/new_york", "EST", "CET", "+02", "-05:30", "Asia/Kolkata", "Mars/Phobos", "Australia/Lord_Howe"}
	patterns  = []string{"a", "^a.*c$", "(a|b)+", "[A-Z]", "X", "(.)(.)", "", "b*", "l+", `\d+`, `\w+`, "(?i)ABC", "[[:alpha:]]+", "a{2,3}", "o\\y", "x*?", "^.", "^|b", `\mX?`, `\yb*`, "(?n)^.?", "$", `a\cIb`, `(?n).$`, `\M`, `[^a]*`, `(\m|a)b?`, `\m|\M`,
		`\M|.`, `(\ma|\mb|\Mc)`, `\m\w+\M`, `[[:<:]]b`, `(?i)\mA|B\M`, `\m|[xX]`}
	flags = []string{"", "i", "g", "gi", "n", "x", "z", "c"}
	paths = []string{"{a}", "{b,0}", "{b,2,c}", "{b,-1}", "{0}", "{-1}", "{z,y}", "{z,x}", "{5}", "{}", "{a,b}", "{b,x}"}
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
		{"1/2/3", "DD/MM/YYYY"}, {"2024", "YYYY"}, {"5 XII 99", "DD RM YY"}, {"2024-02-29 extra", "YYYY-MM-DD"}, {" 2024 - 02", "YYYY-MM"}, {"", "YYYY"}, {"12,024", "Y,YYY"},
		{"2024-366", "YYYY-DDD"}, {"2023-366", "YYYY-DDD"}, {"060", "DDD"}, {"2024-02 060", "YYYY-MM DDD"}, {"2024 10", "YYYY WW"}, {"2024-03 3", "YYYY-MM W"}, {"20 24", "CC YY"},
		{"21 00", "CC YY"}, {"5 BC", "CC BC"}, {"5 99 BC", "CC YY BC"}, {"20", "CC"}, {"2024 04", "IYYY IW"}, {"2024 4 1", "IYYY IW ID"}, {"2024 100", "IYYY IDDD"},
		{"2024-05", "IYYY-MM"}, {"01 02", "MM MM"}, {"Mon 2024-02-29", "DY YYYY-MM-DD"}, {"Thursday 2024", "Day YYYY"}, {"thu 2024", "Day YYYY"}, {"Feb 2024", "Month YYYY"},
		{"xiii 2024", "rm YYYY"}, {"iv", "RM"}, {"1 Q 2024", `Q "Q" YYYY`}, {"2024th 02nd", "YYYYth MMth"}, {"2024 1", "FXYYYY MM"}, {"2024  01", "FXYYYY MM"}, {"2024  01", "YYYY MM"},
		{"202402", "YYYYFMMM"}, {"2024---02", "YYYY-MM"}, {"2024x02", "YYYY-MM"}, {"2024-02", "YYYY/x/MM"}, {"20240229", "YYYYMM"}, {"-44-02-03", "YYYY-MM-DD"}, {"5874898-01-01", "YYYY-MM-DD"},
		{"5874897-12-31", "YYYY-MM-DD"}, {"-4713-01-01", "YYYY-MM-DD"}, {"99999999999", "YYYY"}, {"2147483647", "J"}, {"-5", "J"}, {"520", "YYY"}, {"999", "YYY"}, {"69", "YY"}, {"70", "YY"}, {"5", "Y"},
		{"2024", "YYY"}, {"0", "YYYY"}, {"0000-01-01", "YYYY-MM-DD"}, {"31 04", "DD MM"}, {"31 04 2024", "DD MM YYYY"}, {"4 14", "D WW"}, {"1,2,3", "Y,YYY"}, {"1, 24", "Y,YYY"}, {"2", "Y,YYY"},
		{"2024 AD BC", "YYYY AD BC"}, {"2024 a.d.", "YYYY A.D."}, {"2024 xx", "YYYY AD"}, {"2024+01", "YYYYTZH"}, {"x", "TZ"}, {"x", "OF"}, {"2024 日本", "YYYY Month"}, {"日本語", "YYYY"},
		{"2024日02", "YYYY日MM"}, {`2024"02`, `YYYY\"MM`}, {"2024\t02", "YYYY MM"}, {"22024", "MMYYYY"}, {"2 2024", "MMYYYY"}, {"12024", "MMYYYY"}, {"1", "MMYYYY"}, {"2024 8", "YYYY ID"}},
	"to_timestamp": {{"2024-02-29 12:34:56", "YYYY-MM-DD HH24:MI:SS"}, {"2024-02-29 12:34:56.789", "YYYY-MM-DD HH24:MI:SS.MS"}, {"12:34 PM", "HH12:MI PM"},
		{"13:00 AM", "HH12:MI AM"}, {"2024-02-29 25:00", "YYYY-MM-DD HH24:MI"}, {"45000", "SSSS"}, {"2024-02-29 12:00+05", "YYYY-MM-DD HH24:MITZH"},
		{"1.5", "SS.FF1"}, {"2024-03-31 02:30", "YYYY-MM-DD HH24:MI"}, {"12:61", "HH24:MI"}, {"2024-02-29T12:34", `YYYY-MM-DD"T"HH24:MI`}, {"12:00 am", "HH:MI AM"}, {"12:00 p.m.", "HH:MI A.M."},
		{"12:00 xm", "HH:MI AM"}, {"5 am pm", "HH AM PM"}, {"5", "MS"}, {"05", "MS"}, {"1234", "MS"}, {"999999", "US"}, {"1.999999", "SS.FF3"}, {"1.9999", "SS.FF3"}, {"1.99", "SS.FF6"}, {"999 999", "MS US"},
		{"999 1000", "MS US"}, {"86399", "SSSSS"}, {"86400", "SSSSS"}, {"100 5", "SSSS SS"}, {"2024-02-29 12:00-05:30", "YYYY-MM-DD HH24:MITZH:TZM"}, {"2024-02-29 12:00 -05", "YYYY-MM-DD HH24:MI TZH"},
		{"2024-02-29 12:00 - 05", "YYYY-MM-DD HH24:MI TZH"}, {"2024-02-29 12-5", "YYYY-MM-DD HH24-TZH"}, {"12+16", "HH24TZH"}, {"12 30", "HH24 TZM"}, {"12+05:60", "HH24TZH:TZM"}, {"294277", "YYYY"},
		{"2024-07-01 12:00", "YYYY-MM-DD HH24:MI"}, {"0", "HH12"}, {"-1", "HH24"}, {"23:59:60", "HH24:MI:SS"}, {"5874898", "YYYY"}, {"-4713", "YYYY"}, {"24", "HH24"}},
	"to_number": {{"1,234.56", "9,999.99"}, {"-12", "S99"}, {"12-", "99MI"}, {"<5>", "9PR"}, {"1.5", "9D9"}, {"abc", "999"}, {"", "9"}, {" 42", "99"}, {"123", "9"}, {"$12", "L99"},
		{"12-", "99S"}, {"1-2", "9S9"}, {"+12", "S99"}, {"-12", "99"}, {"12+", "99PL"}, {"-12", "SG99"}, {"12", "99V9"}, {"1 2", "99"}, {"1,2", "99"}, {"1.234", "9.99"}, {"12.", "99.9"}, {".5", "9.9"},
		{"1st", "9th"}, {"12th3", "99th9"}, {"5", "RN"}, {"5", "9EEEE"}, {"x5", `"x"9`}, {"5", ""}, {"-", "9"}, {"1234", "9,999"}, {"1,234", "FM9,999"}, {"- 12", "S99"}, {"12 -", "99MI"}, {"123.45-", "999.99S"},
		{"00012", "99999"}, {"12", "B99"}, {"日12", "L99"}, {"1.2.3", "9.9.9"}, {"12,345.6-", "99,999.9MI"}, {"5-", "9.9"}},
}

// castTargets are types with and without modifiers to which every type is cast.
var castTargets = []string{"smallint", "integer", "bigint", "real", "double precision", "numeric", "boolean", "date", "time", "timestamp", "timestamptz", "interval",
	"uuid", "bytea", "json", "jsonb", "integer[]", "text[]", "text", "name", `"char"`, "numeric(6,2)", "numeric(3,-2)", "numeric(4,4)", "numeric(1000,1000)", "varchar(2)", "char(3)", "char",
	"time(2)", "timestamp(0)", "timestamptz(3)", "interval(1)", "interval year to month", "interval day to second(0)", "interval hour", "varchar(2)[]", "float(24)"}
