SELECT 1, 2.5, 1e10, 'a''b', E'\n', U&'\0061', $$x$$, B'1', X'F', N'n', true, NULL
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Const@8 int text:"1"))
        (SelectItem@11 expr:(Const@11 numeric text:"2.5"))
        (SelectItem@16 expr:(Const@16 numeric text:"1e10"))
        (SelectItem@22 expr:(Const@22 string text:"a'b"))
        (SelectItem@30 expr:(Const@30 string text:"\n"))
        (SelectItem@37 expr:(Const@37 string text:"a"))
        (SelectItem@48 expr:(Const@48 string text:"x"))
        (SelectItem@55 expr:(Const@55 bits text:"b1"))
        (SelectItem@61 expr:(Const@61 bits text:"xF"))
        (SelectItem@67 expr:(Typed@67 text:"n" type:(TypeName@67 schema:"pg_catalog" name:"bpchar")))
        (SelectItem@73 expr:(Const@73 bool text:"true"))
        (SelectItem@79 expr:(Const@79 null))])))

SELECT -5, - 5, -(5), - -5, -x, +5, -2147483648
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Const@8 int text:"-5"))
        (SelectItem@12 expr:(Const@12 int text:"-5"))
        (SelectItem@17 expr:(Const@17 int text:"-5"))
        (SelectItem@23 expr:(Const@23 int text:"5"))
        (SelectItem@29 expr:(Op@29 name:"-" args:[(ColumnRef@30 parts:["x"])]))
        (SelectItem@33 expr:(Op@33 name:"+" args:[(Const@34 int text:"5")]))
        (SelectItem@37 expr:(Const@37 int text:"-2147483648"))])))

SELECT 9223372036854775807, 99999999999999999999
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Const@8 int text:"9223372036854775807"))
        (SelectItem@29 expr:(Const@29 int text:"99999999999999999999"))])))

SELECT $1, $2::int, $1
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Param@8 n:1))
        (SelectItem@12 expr:(Cast@14 x:(Param@12 n:2) type:(TypeName@16 schema:"pg_catalog" name:"int4")))
        (SelectItem@21 expr:(Param@21 n:1))])))

SELECT date '2020-01-01', interval '1' day, timestamp(3) with time zone 'x', varchar(2) 'abc', numeric(5, 2) '1', char 'x'
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(Typed@8 text:"2020-01-01" type:(TypeName@8 name:"date")))
        (SelectItem@27 expr:(Typed@27 text:"1" type:(TypeName@27 schema:"pg_catalog" name:"interval" fields:"DAY")))
        (SelectItem@45 expr:(Typed@45 text:"x" type:(TypeName@45 schema:"pg_catalog" name:"timestamptz" mods:[3])))
        (SelectItem@78 expr:(Typed@78 text:"abc" type:(TypeName@78 schema:"pg_catalog" name:"varchar" mods:[2])))
        (SelectItem@96 expr:(Typed@96 text:"1" type:(TypeName@96 schema:"pg_catalog" name:"numeric" mods:[5 2])))
        (SelectItem@115 expr:(Typed@115 text:"x" type:(TypeName@115 schema:"pg_catalog" name:"bpchar")))])))

SELECT 'a'
  'b'
----
(Select query:(Query@8 body:(Select@8 items:[(SelectItem@8 expr:(Const@8 string text:"ab"))])))

SELECT "Quoted", Folded, ÜMLAUT, "with ""quotes"""
----
(Select query:(Query@8 body:(Select@8 items:[
        (SelectItem@8 expr:(ColumnRef@8 parts:["Quoted"]))
        (SelectItem@18 expr:(ColumnRef@18 parts:["folded"]))
        (SelectItem@26 expr:(ColumnRef@26 parts:["Ümlaut"]))
        (SelectItem@34 expr:(ColumnRef@34 parts:["with \"quotes\""]))])))
