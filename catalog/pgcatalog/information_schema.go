package pgcatalog

import (
	"fmt"

	"tarn/catalog"
	"tarn/sql/types"
)

// In information_schema a materialised view is a view, unlike in PostgreSQL, which does not show it at all: clients that
// look nowhere else should find what Tarn is for.

func tablesView() relation {
	return relation{oid: 13425, kind: 'v', schema: informationSchema, name: "tables",
		columns: `
			table_catalog name, table_schema name, table_name name, table_type varchar, self_referencing_column_name name = null,
			reference_generation varchar = null, user_defined_type_catalog name = null, user_defined_type_schema name = null,
			user_defined_type_name name = null, is_insertable_into varchar, is_typed varchar = NO, commit_action varchar = null`,
		live: func(src *Source, out *rows) {
			src.eachRelation(func(r *catalog.Relation) {
				kind := "VIEW"
				if relationKind(r) == 'r' {
					kind = "BASE TABLE"
				}
				out.add(src.Database, r.Schema, r.Name, kind, yesNo(insertable(r)))
			})
		},
	}
}

// eachRelation calls f for each relation: those of the system, then the users'.
func (s *Source) eachRelation(f func(r *catalog.Relation)) {
	for _, d := range definitions() {
		f(d.catalog)
	}
	for _, r := range s.Snapshot.Relations() {
		f(r)
	}
}

func insertable(r *catalog.Relation) bool { return r.Kind == catalog.Table || r.Kind == catalog.Stream }

func yesNo(b bool) string {
	if b {
		return "YES"
	}
	return "NO"
}

func columnsView() relation {
	return relation{oid: 13295, kind: 'v', schema: informationSchema, name: "columns",
		columns: `
			table_catalog name, table_schema name, table_name name, column_name name, ordinal_position int4,
			column_default varchar, is_nullable varchar, data_type varchar, character_maximum_length int4,
			character_octet_length int4, numeric_precision int4, numeric_precision_radix int4, numeric_scale int4,
			datetime_precision int4, interval_type varchar = null, interval_precision int4 = null, character_set_catalog name = null,
			character_set_schema name = null, character_set_name name = null, collation_catalog name, collation_schema name,
			collation_name name, domain_catalog name = null, domain_schema name = null, domain_name name = null, udt_catalog name,
			udt_schema name = pg_catalog, udt_name name, scope_catalog name = null, scope_schema name = null, scope_name name = null,
			maximum_cardinality int4 = null, dtd_identifier name, is_self_referencing varchar = NO, is_identity varchar = NO,
			identity_generation varchar = null, identity_start varchar = null, identity_increment varchar = null,
			identity_maximum varchar = null, identity_minimum varchar = null, identity_cycle varchar = NO,
			is_generated varchar = NEVER, generation_expression varchar = null, is_updatable varchar`,
		live: func(src *Source, out *rows) {
			src.eachRelation(func(r *catalog.Relation) {
				updatable := yesNo(r.Kind == catalog.Table)
				for i := range r.Columns {
					c := &r.Columns[i]
					m := measure(c.Type)
					var fallback, collationCatalog, collationSchema, collationName any
					if c.Default != "" {
						fallback = c.Default
					}
					if storageOf(c.Type.OID).collation == cCollation {
						collationCatalog, collationSchema, collationName = src.Database, pgCatalog, "C"
					}
					out.add(src.Database, r.Schema, r.Name, c.Name, i+1, fallback, yesNo(!c.NotNull), m.dataType, m.length, m.octets,
						m.precision, m.radix, m.scale, m.fraction, collationCatalog, collationSchema, collationName,
						src.Database, c.Type.Info().Name, fmt.Sprint(i+1), updatable)
				}
			})
		},
	}
}

// measures are what information_schema says of a type; nil where it does not apply.
type measures struct {
	dataType                string
	length, octets          any // of strings
	precision, radix, scale any // of numbers
	fraction                any // digits of a second
}

func measure(t types.Type) measures {
	info := t.Info()
	m := measures{dataType: info.SQLName}
	if info.Name[0] == '_' {
		m.dataType = "ARRAY"
		return m
	}
	switch t.OID {
	case types.TextOID:
		m.octets = 1 << 30
	case types.BpcharOID, types.VarcharOID:
		m.octets = 1 << 30
		if t.Mod >= 4 {
			m.length, m.octets = t.Mod-4, 4*(t.Mod-4)
		}
	case types.Int2OID:
		m.precision, m.radix, m.scale = 16, 2, 0
	case types.Int4OID:
		m.precision, m.radix, m.scale = 32, 2, 0
	case types.Int8OID:
		m.precision, m.radix, m.scale = 64, 2, 0
	case types.Float4OID:
		m.precision, m.radix = 24, 2
	case types.Float8OID:
		m.precision, m.radix = 53, 2
	case types.NumericOID:
		m.radix = 10
		if t.Mod >= 4 {
			m.precision, m.scale = (t.Mod-4)>>16&0xffff, (t.Mod-4)&0x7ff
		}
	case types.DateOID:
		m.fraction = 0
	case types.TimeOID, types.TimestampOID, types.TimestamptzOID, types.IntervalOID:
		m.fraction = 6
		if digits := t.Mod & 0xffff; t.Mod >= 0 && digits <= 6 {
			m.fraction = digits
		}
	}
	return m
}

func viewsView() relation {
	return relation{oid: 13483, kind: 'v', schema: informationSchema, name: "views",
		columns: `
			table_catalog name, table_schema name, table_name name, view_definition varchar, check_option varchar = NONE,
			is_updatable varchar = NO, is_insertable_into varchar = NO, is_trigger_updatable varchar = NO,
			is_trigger_deletable varchar = NO, is_trigger_insertable_into varchar = NO`,
		live: func(src *Source, out *rows) {
			src.eachRelation(func(r *catalog.Relation) {
				switch kind := relationKind(r); {
				case r.Query != "":
					out.add(src.Database, r.Schema, r.Name, viewDefinition(r))
				case kind == 'v':
					out.add(src.Database, r.Schema, r.Name, nil)
				}
			})
		},
	}
}

func viewTableUsage() relation {
	return relation{oid: 13478, kind: 'v', schema: informationSchema, name: "view_table_usage",
		columns: `view_catalog name, view_schema name, view_name name, table_catalog name, table_schema name, table_name name`,
		live: func(src *Source, out *rows) {
			for _, r := range src.Snapshot.Relations() {
				for _, id := range r.Depends {
					if used, ok := src.Snapshot.ByID(id); ok {
						out.add(src.Database, r.Schema, r.Name, src.Database, used.Schema, used.Name)
					}
				}
			}
		},
	}
}

func schemata() relation {
	return relation{oid: 13382, kind: 'v', schema: informationSchema, name: "schemata",
		columns: `
			catalog_name name, schema_name name, schema_owner name = tarn, default_character_set_catalog name = null,
			default_character_set_schema name = null, default_character_set_name name = null, sql_path varchar = null`,
		live: func(src *Source, out *rows) {
			for _, s := range src.Snapshot.Schemas() {
				out.add(src.Database, s.Name)
			}
		},
	}
}

func catalogName() relation {
	return relation{oid: 13227, kind: 'v', schema: informationSchema, name: "information_schema_catalog_name",
		columns: `catalog_name name`,
		live:    func(src *Source, out *rows) { out.add(src.Database) },
	}
}

func enabledRoles() relation {
	return relation{oid: 13325, kind: 'v', schema: informationSchema, name: "enabled_roles", columns: `role_name name`,
		live: func(src *Source, out *rows) {
			for _, name := range src.roles() {
				out.add(name)
			}
		},
	}
}

func characterSets() relation {
	return relation{oid: 13250, kind: 'v', schema: informationSchema, name: "character_sets",
		columns: `
			character_set_catalog name = null, character_set_schema name = null, character_set_name name = UTF8,
			character_repertoire name = UCS, form_of_use name = UTF8, default_collate_catalog name,
			default_collate_schema name = null, default_collate_name name = null`,
		live: func(src *Source, out *rows) { out.add(src.Database) },
	}
}

func collationsView() relation {
	return relation{oid: 13265, kind: 'v', schema: informationSchema, name: "collations",
		columns: `collation_catalog name, collation_schema name = pg_catalog, collation_name name, pad_attribute varchar = NO PAD`,
		live: func(src *Source, out *rows) {
			for _, name := range [...]string{"default", "C", "POSIX"} {
				out.add(src.Database, name)
			}
		},
	}
}

func routines() relation {
	return relation{oid: 13377, kind: 'v', schema: informationSchema, name: "routines",
		columns: `
			specific_catalog name, specific_schema name = pg_catalog, specific_name name, routine_catalog name,
			routine_schema name = pg_catalog, routine_name name, routine_type varchar, module_catalog name = null,
			module_schema name = null, module_name name = null, udt_catalog name = null, udt_schema name = null, udt_name name = null,
			data_type varchar, character_maximum_length int4 = null, character_octet_length int4 = null,
			character_set_catalog name = null, character_set_schema name = null, character_set_name name = null,
			collation_catalog name = null, collation_schema name = null, collation_name name = null, numeric_precision int4 = null,
			numeric_precision_radix int4 = null, numeric_scale int4 = null, datetime_precision int4 = null,
			interval_type varchar = null, interval_precision int4 = null, type_udt_catalog name, type_udt_schema name = pg_catalog,
			type_udt_name name, scope_catalog name = null, scope_schema name = null, scope_name name = null,
			maximum_cardinality int4 = null, dtd_identifier name = 0, routine_body varchar = EXTERNAL, routine_definition varchar,
			external_name varchar = null, external_language varchar = INTERNAL, parameter_style varchar = GENERAL,
			is_deterministic varchar, sql_data_access varchar = MODIFIES, is_null_call varchar, sql_path varchar = null,
			schema_level_routine varchar = YES, max_dynamic_result_sets int4 = 0, is_user_defined_cast varchar = null,
			is_implicitly_invocable varchar = null, security_type varchar = INVOKER, to_sql_specific_catalog name = null,
			to_sql_specific_schema name = null, to_sql_specific_name name = null, as_locator varchar = NO, created timestamptz = null,
			last_altered timestamptz = null, new_savepoint_level varchar = null, is_udt_dependent varchar = NO,
			result_cast_from_data_type varchar = null, result_cast_as_locator varchar = null, result_cast_char_max_length int4 = null,
			result_cast_char_octet_length int4 = null, result_cast_char_set_catalog name = null,
			result_cast_char_set_schema name = null, result_cast_char_set_name name = null,
			result_cast_collation_catalog name = null, result_cast_collation_schema name = null,
			result_cast_collation_name name = null, result_cast_numeric_precision int4 = null,
			result_cast_numeric_precision_radix int4 = null, result_cast_numeric_scale int4 = null,
			result_cast_datetime_precision int4 = null, result_cast_interval_type varchar = null,
			result_cast_interval_precision int4 = null, result_cast_type_udt_catalog name = null,
			result_cast_type_udt_schema name = null, result_cast_type_udt_name name = null, result_cast_scope_catalog name = null,
			result_cast_scope_schema name = null, result_cast_scope_name name = null, result_cast_maximum_cardinality int4 = null,
			result_cast_dtd_identifier name = null`,
		live: func(src *Source, out *rows) {
			for i := range procedures() {
				p := &procedures()[i]
				var kind any
				if p.kind == 'f' {
					kind = "FUNCTION"
				}
				info := types.Of(p.returns).Info()
				out.add(src.Database, fmt.Sprintf("%s_%d", p.name, p.oid), src.Database, p.name, kind, measure(types.Of(p.returns)).dataType,
					src.Database, info.Name, p.name, yesNo(p.volatility == 'i'), yesNo(p.strict))
			}
		},
	}
}
