package pgcatalog

// emptyInformationSchema are views of information_schema that are always empty in Tarn.
func emptyInformationSchema() []relation {
	return []relation{
		{oid: 13241, kind: 'v', schema: informationSchema, name: "administrable_role_authorizations", columns: `grantee name, role_name name, is_grantable varchar`},
		{oid: 13236, kind: 'v', schema: informationSchema, name: "applicable_roles", columns: `grantee name, role_name name, is_grantable varchar`},
		{oid: 13245, kind: 'v', schema: informationSchema, name: "attributes", columns: `
			udt_catalog name, udt_schema name, udt_name name, attribute_name name, ordinal_position int4,
			attribute_default varchar, is_nullable varchar, data_type varchar, character_maximum_length int4,
			character_octet_length int4, character_set_catalog name, character_set_schema name, character_set_name name,
			collation_catalog name, collation_schema name, collation_name name, numeric_precision int4,
			numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, interval_type varchar,
			interval_precision int4, attribute_udt_catalog name, attribute_udt_schema name, attribute_udt_name name,
			scope_catalog name, scope_schema name, scope_name name, maximum_cardinality int4, dtd_identifier name,
			is_derived_reference_attribute varchar`},
		{oid: 13250, kind: 'v', schema: informationSchema, name: "character_sets", columns: `
			character_set_catalog name, character_set_schema name, character_set_name name, character_repertoire name,
			form_of_use name, default_collate_catalog name, default_collate_schema name, default_collate_name name`},
		{oid: 13255, kind: 'v', schema: informationSchema, name: "check_constraint_routine_usage", columns: `
			constraint_catalog name, constraint_schema name, constraint_name name, specific_catalog name,
			specific_schema name, specific_name name`},
		{oid: 13260, kind: 'v', schema: informationSchema, name: "check_constraints", columns: `
			constraint_catalog name, constraint_schema name, constraint_name name, check_clause varchar`},
		{oid: 13270, kind: 'v', schema: informationSchema, name: "collation_character_set_applicability", columns: `
			collation_catalog name, collation_schema name, collation_name name, character_set_catalog name,
			character_set_schema name, character_set_name name`},
		{oid: 13265, kind: 'v', schema: informationSchema, name: "collations", columns: `collation_catalog name, collation_schema name, collation_name name, pad_attribute varchar`},
		{oid: 13275, kind: 'v', schema: informationSchema, name: "column_column_usage", columns: `
			table_catalog name, table_schema name, table_name name, column_name name, dependent_column name`},
		{oid: 13280, kind: 'v', schema: informationSchema, name: "column_domain_usage", columns: `
			domain_catalog name, domain_schema name, domain_name name, table_catalog name, table_schema name, table_name name,
			column_name name`},
		{oid: 13503, kind: 'v', schema: informationSchema, name: "column_options", columns: `
			table_catalog name, table_schema name, table_name name, column_name name, option_name name, option_value varchar`},
		{oid: 13285, kind: 'v', schema: informationSchema, name: "column_privileges", columns: `
			grantor name, grantee name, table_catalog name, table_schema name, table_name name, column_name name,
			privilege_type varchar, is_grantable varchar`},
		{oid: 13290, kind: 'v', schema: informationSchema, name: "column_udt_usage", columns: `
			udt_catalog name, udt_schema name, udt_name name, table_catalog name, table_schema name, table_name name,
			column_name name`},
		{oid: 13295, kind: 'v', schema: informationSchema, name: "columns", columns: `
			table_catalog name, table_schema name, table_name name, column_name name, ordinal_position int4,
			column_default varchar, is_nullable varchar, data_type varchar, character_maximum_length int4,
			character_octet_length int4, numeric_precision int4, numeric_precision_radix int4, numeric_scale int4,
			datetime_precision int4, interval_type varchar, interval_precision int4, character_set_catalog name,
			character_set_schema name, character_set_name name, collation_catalog name, collation_schema name,
			collation_name name, domain_catalog name, domain_schema name, domain_name name, udt_catalog name, udt_schema name,
			udt_name name, scope_catalog name, scope_schema name, scope_name name, maximum_cardinality int4,
			dtd_identifier name, is_self_referencing varchar, is_identity varchar, identity_generation varchar,
			identity_start varchar, identity_increment varchar, identity_maximum varchar, identity_minimum varchar,
			identity_cycle varchar, is_generated varchar, generation_expression varchar, is_updatable varchar`},
		{oid: 13300, kind: 'v', schema: informationSchema, name: "constraint_column_usage", columns: `
			table_catalog name, table_schema name, table_name name, column_name name, constraint_catalog name,
			constraint_schema name, constraint_name name`},
		{oid: 13305, kind: 'v', schema: informationSchema, name: "constraint_table_usage", columns: `
			table_catalog name, table_schema name, table_name name, constraint_catalog name, constraint_schema name,
			constraint_name name`},
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
		{oid: 13325, kind: 'v', schema: informationSchema, name: "enabled_roles", columns: `role_name name`},
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
		{oid: 13227, kind: 'v', schema: informationSchema, name: "information_schema_catalog_name", columns: `catalog_name name`},
		{oid: 13329, kind: 'v', schema: informationSchema, name: "key_column_usage", columns: `
			constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name, table_schema name,
			table_name name, column_name name, ordinal_position int4, position_in_unique_constraint int4`},
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
		{oid: 13421, kind: 'v', schema: informationSchema, name: "role_table_grants", columns: `
			grantor name, grantee name, table_catalog name, table_schema name, table_name name, privilege_type varchar,
			is_grantable varchar, with_hierarchy varchar`},
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
		{oid: 13377, kind: 'v', schema: informationSchema, name: "routines", columns: `
			specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name,
			routine_name name, routine_type varchar, module_catalog name, module_schema name, module_name name,
			udt_catalog name, udt_schema name, udt_name name, data_type varchar, character_maximum_length int4,
			character_octet_length int4, character_set_catalog name, character_set_schema name, character_set_name name,
			collation_catalog name, collation_schema name, collation_name name, numeric_precision int4,
			numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, interval_type varchar,
			interval_precision int4, type_udt_catalog name, type_udt_schema name, type_udt_name name, scope_catalog name,
			scope_schema name, scope_name name, maximum_cardinality int4, dtd_identifier name, routine_body varchar,
			routine_definition varchar, external_name varchar, external_language varchar, parameter_style varchar,
			is_deterministic varchar, sql_data_access varchar, is_null_call varchar, sql_path varchar,
			schema_level_routine varchar, max_dynamic_result_sets int4, is_user_defined_cast varchar,
			is_implicitly_invocable varchar, security_type varchar, to_sql_specific_catalog name, to_sql_specific_schema name,
			to_sql_specific_name name, as_locator varchar, created timestamptz, last_altered timestamptz,
			new_savepoint_level varchar, is_udt_dependent varchar, result_cast_from_data_type varchar,
			result_cast_as_locator varchar, result_cast_char_max_length int4, result_cast_char_octet_length int4,
			result_cast_char_set_catalog name, result_cast_char_set_schema name, result_cast_char_set_name name,
			result_cast_collation_catalog name, result_cast_collation_schema name, result_cast_collation_name name,
			result_cast_numeric_precision int4, result_cast_numeric_precision_radix int4, result_cast_numeric_scale int4,
			result_cast_datetime_precision int4, result_cast_interval_type varchar, result_cast_interval_precision int4,
			result_cast_type_udt_catalog name, result_cast_type_udt_schema name, result_cast_type_udt_name name,
			result_cast_scope_catalog name, result_cast_scope_schema name, result_cast_scope_name name,
			result_cast_maximum_cardinality int4, result_cast_dtd_identifier name`},
		{oid: 13382, kind: 'v', schema: informationSchema, name: "schemata", columns: `
			catalog_name name, schema_name name, schema_owner name, default_character_set_catalog name,
			default_character_set_schema name, default_character_set_name name, sql_path varchar`},
		{oid: 13386, kind: 'v', schema: informationSchema, name: "sequences", columns: `
			sequence_catalog name, sequence_schema name, sequence_name name, data_type varchar, numeric_precision int4,
			numeric_precision_radix int4, numeric_scale int4, start_value varchar, minimum_value varchar,
			maximum_value varchar, increment varchar, cycle_option varchar`},
		{oid: 13411, kind: 'v', schema: informationSchema, name: "table_constraints", columns: `
			constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name, table_schema name,
			table_name name, constraint_type varchar, is_deferrable varchar, initially_deferred varchar, enforced varchar,
			nulls_distinct varchar`},
		{oid: 13416, kind: 'v', schema: informationSchema, name: "table_privileges", columns: `
			grantor name, grantee name, table_catalog name, table_schema name, table_name name, privilege_type varchar,
			is_grantable varchar, with_hierarchy varchar`},
		{oid: 13425, kind: 'v', schema: informationSchema, name: "tables", columns: `
			table_catalog name, table_schema name, table_name name, table_type varchar, self_referencing_column_name name,
			reference_generation varchar, user_defined_type_catalog name, user_defined_type_schema name,
			user_defined_type_name name, is_insertable_into varchar, is_typed varchar, commit_action varchar`},
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
		{oid: 13555, kind: 'v', schema: informationSchema, name: "user_mappings", columns: `authorization_identifier name, foreign_server_catalog name, foreign_server_name name`},
		{oid: 13468, kind: 'v', schema: informationSchema, name: "view_column_usage", columns: `
			view_catalog name, view_schema name, view_name name, table_catalog name, table_schema name, table_name name,
			column_name name`},
		{oid: 13473, kind: 'v', schema: informationSchema, name: "view_routine_usage", columns: `
			table_catalog name, table_schema name, table_name name, specific_catalog name, specific_schema name,
			specific_name name`},
		{oid: 13478, kind: 'v', schema: informationSchema, name: "view_table_usage", columns: `
			view_catalog name, view_schema name, view_name name, table_catalog name, table_schema name, table_name name`},
		{oid: 13483, kind: 'v', schema: informationSchema, name: "views", columns: `
			table_catalog name, table_schema name, table_name name, view_definition varchar, check_option varchar,
			is_updatable varchar, is_insertable_into varchar, is_trigger_updatable varchar, is_trigger_deletable varchar,
			is_trigger_insertable_into varchar`},
	}
}
