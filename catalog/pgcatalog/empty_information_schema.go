package pgcatalog

// emptyInformationSchema are views of information_schema that are always empty in Tarn.
func emptyInformationSchema() []relation {
	return []relation{
		{oid: 13241, kind: 'v', schema: informationSchema, name: "administrable_role_authorizations", columns: `
			grantee name, role_name name, is_grantable varchar`},
		{oid: 13236, kind: 'v', schema: informationSchema, name: "applicable_roles", columns: `
			grantee name, role_name name, is_grantable varchar`},
		{oid: 13245, kind: 'v', schema: informationSchema, name: "attributes", columns: `
			udt_catalog name, udt_schema name, udt_name name, attribute_name name, ordinal_position int4,
			attribute_default varchar, is_nullable varchar, data_type varchar, character_maximum_length int4,
			character_octet_length int4, character_set_catalog name, character_set_schema name, character_set_name name,
			collation_catalog name, collation_schema name, collation_name name, numeric_precision int4,
			numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, interval_type varchar,
			interval_precision int4, attribute_udt_catalog name, attribute_udt_schema name, attribute_udt_name name,
			scope_catalog name, scope_schema name, scope_name name, maximum_cardinality int4, dtd_identifier name,
			is_derived_reference_attribute varchar`},
		{oid: 13255, kind: 'v', schema: informationSchema, name: "check_constraint_routine_usage", columns: `
			constraint_catalog name, constraint_schema name, constraint_name name, specific_catalog name,
			specific_schema name, specific_name name`},
		{oid: 13270, kind: 'v', schema: informationSchema, name: "collation_character_set_applicability", columns: `
			collation_catalog name, collation_schema name, collation_name name, character_set_catalog name,
			character_set_schema name, character_set_name name`},
		{oid: 13275, kind: 'v', schema: informationSchema, name: "column_column_usage", columns: `
			table_catalog name, table_schema name, table_name name, column_name name, dependent_column name`},
		{oid: 13280, kind: 'v', schema: informationSchema, name: "column_domain_usage", columns: `
			domain_catalog name, domain_schema name, domain_name name, table_catalog name, table_schema name, table_name name,
			column_name name`},
		{oid: 13503, kind: 'v', schema: informationSchema, name: "column_options", columns: `
			table_catalog name, table_schema name, table_name name, column_name name, option_name name, option_value varchar`},
		{oid: 13290, kind: 'v', schema: informationSchema, name: "column_udt_usage", columns: `
			udt_catalog name, udt_schema name, udt_name name, table_catalog name, table_schema name, table_name name,
			column_name name`},
		{oid: 13488, kind: 'v', schema: informationSchema, name: "data_type_privileges", columns: `
			object_catalog name, object_schema name, object_name name, object_type varchar, dtd_identifier name`},
		{oid: 13310, kind: 'v', schema: informationSchema, name: "domain_constraints", columns: `
			constraint_catalog name, constraint_schema name, constraint_name name, domain_catalog name, domain_schema name,
			domain_name name, is_deferrable varchar, initially_deferred varchar`},
		{oid: 13315, kind: 'v', schema: informationSchema, name: "domain_udt_usage", columns: `
			udt_catalog name, udt_schema name, udt_name name, domain_catalog name, domain_schema name, domain_name name`},
		{oid: 13320, kind: 'v', schema: informationSchema, name: "domains", columns: `
			domain_catalog name, domain_schema name, domain_name name, data_type varchar, character_maximum_length int4,
			character_octet_length int4, character_set_catalog name, character_set_schema name, character_set_name name,
			collation_catalog name, collation_schema name, collation_name name, numeric_precision int4,
			numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, interval_type varchar,
			interval_precision int4, domain_default varchar, udt_catalog name, udt_schema name, udt_name name,
			scope_catalog name, scope_schema name, scope_name name, maximum_cardinality int4, dtd_identifier name`},
		{oid: 13493, kind: 'v', schema: informationSchema, name: "element_types", columns: `
			object_catalog name, object_schema name, object_name name, object_type varchar, collection_type_identifier name,
			data_type varchar, character_maximum_length int4, character_octet_length int4, character_set_catalog name,
			character_set_schema name, character_set_name name, collation_catalog name, collation_schema name,
			collation_name name, numeric_precision int4, numeric_precision_radix int4, numeric_scale int4,
			datetime_precision int4, interval_type varchar, interval_precision int4, domain_default varchar, udt_catalog name,
			udt_schema name, udt_name name, scope_catalog name, scope_schema name, scope_name name, maximum_cardinality int4,
			dtd_identifier name`},
		{oid: 13511, kind: 'v', schema: informationSchema, name: "foreign_data_wrapper_options", columns: `
			foreign_data_wrapper_catalog name, foreign_data_wrapper_name name, option_name name, option_value varchar`},
		{oid: 13515, kind: 'v', schema: informationSchema, name: "foreign_data_wrappers", columns: `
			foreign_data_wrapper_catalog name, foreign_data_wrapper_name name, authorization_identifier name,
			library_name varchar, foreign_data_wrapper_language varchar`},
		{oid: 13524, kind: 'v', schema: informationSchema, name: "foreign_server_options", columns: `
			foreign_server_catalog name, foreign_server_name name, option_name name, option_value varchar`},
		{oid: 13528, kind: 'v', schema: informationSchema, name: "foreign_servers", columns: `
			foreign_server_catalog name, foreign_server_name name, foreign_data_wrapper_catalog name,
			foreign_data_wrapper_name name, foreign_server_type varchar, foreign_server_version varchar,
			authorization_identifier name`},
		{oid: 13537, kind: 'v', schema: informationSchema, name: "foreign_table_options", columns: `
			foreign_table_catalog name, foreign_table_schema name, foreign_table_name name, option_name name,
			option_value varchar`},
		{oid: 13541, kind: 'v', schema: informationSchema, name: "foreign_tables", columns: `
			foreign_table_catalog name, foreign_table_schema name, foreign_table_name name, foreign_server_catalog name,
			foreign_server_name name`},
		{oid: 13334, kind: 'v', schema: informationSchema, name: "parameters", columns: `
			specific_catalog name, specific_schema name, specific_name name, ordinal_position int4, parameter_mode varchar,
			is_result varchar, as_locator varchar, parameter_name name, data_type varchar, character_maximum_length int4,
			character_octet_length int4, character_set_catalog name, character_set_schema name, character_set_name name,
			collation_catalog name, collation_schema name, collation_name name, numeric_precision int4,
			numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, interval_type varchar,
			interval_precision int4, udt_catalog name, udt_schema name, udt_name name, scope_catalog name, scope_schema name,
			scope_name name, maximum_cardinality int4, dtd_identifier name, parameter_default varchar`},
		{oid: 13339, kind: 'v', schema: informationSchema, name: "referential_constraints", columns: `
			constraint_catalog name, constraint_schema name, constraint_name name, unique_constraint_catalog name,
			unique_constraint_schema name, unique_constraint_name name, match_option varchar, update_rule varchar,
			delete_rule varchar`},
		{oid: 13344, kind: 'v', schema: informationSchema, name: "role_column_grants", columns: `
			grantor name, grantee name, table_catalog name, table_schema name, table_name name, column_name name,
			privilege_type varchar, is_grantable varchar`},
		{oid: 13358, kind: 'v', schema: informationSchema, name: "role_routine_grants", columns: `
			grantor name, grantee name, specific_catalog name, specific_schema name, specific_name name, routine_catalog name,
			routine_schema name, routine_name name, privilege_type varchar, is_grantable varchar`},
		{oid: 13450, kind: 'v', schema: informationSchema, name: "role_udt_grants", columns: `
			grantor name, grantee name, udt_catalog name, udt_schema name, udt_name name, privilege_type varchar,
			is_grantable varchar`},
		{oid: 13459, kind: 'v', schema: informationSchema, name: "role_usage_grants", columns: `
			grantor name, grantee name, object_catalog name, object_schema name, object_name name, object_type varchar,
			privilege_type varchar, is_grantable varchar`},
		{oid: 13348, kind: 'v', schema: informationSchema, name: "routine_column_usage", columns: `
			specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name,
			routine_name name, table_catalog name, table_schema name, table_name name, column_name name`},
		{oid: 13353, kind: 'v', schema: informationSchema, name: "routine_privileges", columns: `
			grantor name, grantee name, specific_catalog name, specific_schema name, specific_name name, routine_catalog name,
			routine_schema name, routine_name name, privilege_type varchar, is_grantable varchar`},
		{oid: 13362, kind: 'v', schema: informationSchema, name: "routine_routine_usage", columns: `
			specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name,
			routine_name name`},
		{oid: 13367, kind: 'v', schema: informationSchema, name: "routine_sequence_usage", columns: `
			specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name,
			routine_name name, sequence_catalog name, sequence_schema name, sequence_name name`},
		{oid: 13372, kind: 'v', schema: informationSchema, name: "routine_table_usage", columns: `
			specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name,
			routine_name name, table_catalog name, table_schema name, table_name name`},
		{oid: 13386, kind: 'v', schema: informationSchema, name: "sequences", columns: `
			sequence_catalog name, sequence_schema name, sequence_name name, data_type varchar, numeric_precision int4,
			numeric_precision_radix int4, numeric_scale int4, start_value varchar, minimum_value varchar,
			maximum_value varchar, increment varchar, cycle_option varchar`},
		{oid: 13430, kind: 'v', schema: informationSchema, name: "transforms", columns: `
			udt_catalog name, udt_schema name, udt_name name, specific_catalog name, specific_schema name, specific_name name,
			group_name name, transform_type varchar`},
		{oid: 13435, kind: 'v', schema: informationSchema, name: "triggered_update_columns", columns: `
			trigger_catalog name, trigger_schema name, trigger_name name, event_object_catalog name, event_object_schema name,
			event_object_table name, event_object_column name`},
		{oid: 13440, kind: 'v', schema: informationSchema, name: "triggers", columns: `
			trigger_catalog name, trigger_schema name, trigger_name name, event_manipulation varchar,
			event_object_catalog name, event_object_schema name, event_object_table name, action_order int4,
			action_condition varchar, action_statement varchar, action_orientation varchar, action_timing varchar,
			action_reference_old_table name, action_reference_new_table name, action_reference_old_row name,
			action_reference_new_row name, created timestamptz`},
		{oid: 13445, kind: 'v', schema: informationSchema, name: "udt_privileges", columns: `
			grantor name, grantee name, udt_catalog name, udt_schema name, udt_name name, privilege_type varchar,
			is_grantable varchar`},
		{oid: 13454, kind: 'v', schema: informationSchema, name: "usage_privileges", columns: `
			grantor name, grantee name, object_catalog name, object_schema name, object_name name, object_type varchar,
			privilege_type varchar, is_grantable varchar`},
		{oid: 13463, kind: 'v', schema: informationSchema, name: "user_defined_types", columns: `
			user_defined_type_catalog name, user_defined_type_schema name, user_defined_type_name name,
			user_defined_type_category varchar, is_instantiable varchar, is_final varchar, ordering_form varchar,
			ordering_category varchar, ordering_routine_catalog name, ordering_routine_schema name,
			ordering_routine_name name, reference_type varchar, data_type varchar, character_maximum_length int4,
			character_octet_length int4, character_set_catalog name, character_set_schema name, character_set_name name,
			collation_catalog name, collation_schema name, collation_name name, numeric_precision int4,
			numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, interval_type varchar,
			interval_precision int4, source_dtd_identifier name, ref_dtd_identifier name`},
		{oid: 13550, kind: 'v', schema: informationSchema, name: "user_mapping_options", columns: `
			authorization_identifier name, foreign_server_catalog name, foreign_server_name name, option_name name,
			option_value varchar`},
		{oid: 13555, kind: 'v', schema: informationSchema, name: "user_mappings", columns: `
			authorization_identifier name, foreign_server_catalog name, foreign_server_name name`},
		{oid: 13468, kind: 'v', schema: informationSchema, name: "view_column_usage", columns: `
			view_catalog name, view_schema name, view_name name, table_catalog name, table_schema name, table_name name,
			column_name name`},
		{oid: 13473, kind: 'v', schema: informationSchema, name: "view_routine_usage", columns: `
			table_catalog name, table_schema name, table_name name, specific_catalog name, specific_schema name,
			specific_name name`},
	}
}
