// Package planner turns statements into plans: it resolves names and types against an immutable catalogue snapshot,
// removes subqueries, and rewrites the result by a visible list of rules.
//
// It works in three steps, each with its own form of the query:
//
//	decode trees --bind*.go--> logical algebra --lower.go, unnest.go--> plan.Node --optimise.go, rule_*.go--> plan.Node
//
// The binder knows PostgreSQL: name resolution, types, messages. In its algebra (logical.go) every column has a number of
// its own, so that a correlated subquery is only a tree that uses a column it does not define. Lowering replaces numbers
// by positions, and correlation by joins ("Unnesting Arbitrary Queries", Neumann and Kemper, 2015). The rules see plans
// without correlation.
//
// The planner promises that a plan means, for any contents of its relations, what PostgreSQL 15 answers for the query, and
// that what it cannot plan fails with SQLSTATE 0A000. It leaves how operators compute to exec, and when they run to engine.
package planner
