// Package sqllogictest runs scripts of SQL with their expected answers against a database, in several modes with the same
// answers: see Mode. So every query that anyone adds tests incremental maintenance, recovery and the protocol, too.
//
// A script is a list of records, separated by empty lines. Lines that begin with # are comments. Records are:
//
//	statement ok [TAG]              SQL that succeeds, and answers with a command tag if one is given
//	statement error CODE [REGEXP]   SQL that fails with an SQLSTATE, and a message that matches
//	query TYPES [nosort]            one SQL statement that returns rows; a line ---- and the rows follow
//	query error CODE [REGEXP]       one that fails, at the latest when its rows are read
//	subscribe NAME                  SUBSCRIBE on a connection of its own, which goes on
//	changes NAME                    what a subscription has sent since: a line ---- and the rows follow
//	halt                            the rest of the script is not run
//
// Before a record may stand, each on a line of its own:
//
//	connection NAME    the record is run on a connection of that name; others use one that has no name
//	skipif MODE        the record is not run in a mode; skipif view: the query is run by itself, not as a view
//	onlyif MODE        the record is run only there
//
// TYPES has a letter for each column of the result: B bool, I integer, R float or numeric, T anything else. Rows are lines,
// values are separated by tabs and shown as psql shows them, but NULL as NULL, the empty string as (empty), and tabs,
// newlines and backslashes escaped. Rows are compared in any order unless the record says nosort. The data of a statement
// COPY ... FROM STDIN follow it after a line ----; the lines of COPY ... TO STDOUT are rows of one column.
//
// The package leaves to its caller what the database is: an engine in this process, a server, PostgreSQL.
package sqllogictest
