package pgcatalog

import (
	"strings"

	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// ObjectName is the text form of a value of type t (regclass, regtype, regproc, regnamespace or regrole). ok is false if
// it numbers nothing.
func ObjectName(src *Source, t types.OID, oid int64) (name string, ok bool) {
	switch t {
	case types.RegclassOID:
		if o := src.object(oid); o != nil {
			return o.qualified(src), true
		}
	case types.RegtypeOID:
		if info, ok := types.Lookup(types.OID(oid)); ok {
			return info.SQLName, true
		}
	case types.RegprocOID:
		if name, ok := functionName(oid); ok {
			return name, true
		}
	case types.RegnamespaceOID:
		if name, ok := Functions(src.itself).SchemaName(oid); ok {
			return functions.QuoteIdentifier(name), true
		}
	case types.RegroleOID:
		if name, ok := Functions(src.itself).RoleName(oid); ok {
			return functions.QuoteIdentifier(name), true
		}
	}
	return "", false
}

// ObjectOID is the oid of what a name means as a value of type t. Errors: 42P01, 42704, 42883, 42725, 3F000 (no such
// object), 42602 (not a name).
func ObjectOID(src *Source, t types.OID, name string) (oid int64, err error) {
	if t == types.RegtypeOID {
		d, err := types.Parse(types.Of(t), name, nil)
		return d.Int, err
	}
	parts, ok := splitName(name)
	if !ok {
		return 0, sqlstate.New(sqlstate.InvalidName, "invalid name syntax")
	}
	last := parts[len(parts)-1]
	if t == types.RegnamespaceOID || t == types.RegroleOID {
		if len(parts) > 1 {
			return 0, sqlstate.New(sqlstate.InvalidName, "invalid name syntax")
		}
		return namedOID(src, t, last)
	}
	schema := ""
	switch len(parts) {
	case 1:
	case 2:
		schema = parts[0]
	case 3:
		if schema = parts[1]; parts[0] != src.Database {
			return 0, sqlstate.New(sqlstate.FeatureNotSupported, "cross-database references are not implemented: \"%s\"", name)
		}
	default:
		if t == types.RegclassOID {
			return 0, sqlstate.New(sqlstate.SyntaxError, "improper relation name (too many dotted names): %s", name)
		}
		return 0, sqlstate.New(sqlstate.SyntaxError, "improper qualified name (too many dotted names): %s", name)
	}
	if t == types.RegprocOID {
		return functionOID(schema, last, name)
	}
	if oid, ok := Functions(src.itself).RelationOID(schema, last); ok {
		return oid, nil
	}
	if _, ok := src.Snapshot.Schema(schema); schema != "" && !ok {
		return 0, sqlstate.New(sqlstate.InvalidSchemaName, "schema \"%s\" does not exist", schema)
	}
	return 0, sqlstate.New(sqlstate.UndefinedTable, "relation \"%s\" does not exist", strings.Join(parts, "."))
}

func namedOID(src *Source, t types.OID, name string) (int64, error) {
	if t == types.RegnamespaceOID {
		if s, ok := src.Snapshot.Schema(name); ok {
			return int64(s.ID), nil
		}
		return 0, sqlstate.New(sqlstate.InvalidSchemaName, "schema \"%s\" does not exist", name)
	}
	for _, r := range src.roles() {
		if r == name {
			return int64(roleOID(r)), nil
		}
	}
	return 0, sqlstate.New(sqlstate.UndefinedObject, "role \"%s\" does not exist", name)
}

// splitName splits a name at its dots; parts without quotes are folded to lower case.
func splitName(s string) (parts []string, ok bool) {
	s = strings.TrimSpace(s)
	for {
		var part string
		if strings.HasPrefix(s, `"`) {
			end := 1
			for {
				i := strings.IndexByte(s[end:], '"')
				if i < 0 {
					return nil, false
				}
				end += i + 1
				if !strings.HasPrefix(s[end:], `"`) {
					break
				}
				end++
			}
			part, s = strings.ReplaceAll(s[1:end-1], `""`, `"`), s[end:]
		} else {
			end := strings.IndexAny(s, ". \t\n\r\"")
			if end < 0 {
				end = len(s)
			}
			part, s = strings.ToLower(s[:end]), s[end:]
		}
		if part == "" {
			return nil, false
		}
		parts = append(parts, part)
		s = strings.TrimSpace(s)
		if s == "" {
			return parts, true
		}
		if s[0] != '.' {
			return nil, false
		}
		s = strings.TrimSpace(s[1:])
	}
}
