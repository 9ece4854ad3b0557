// Command server is Tarn: a database that keeps materialised views of streams and tables current, for any PostgreSQL
// client.
//
//	server [flags]         serve clients until SIGINT or SIGTERM
//	server inspect DIR     show what a data directory holds, changing nothing
//	server health          ask the server that runs with the same flags whether it is ready (exit status 0)
//
// It wires the packages together: flags, log, engine, wire, and the HTTP port for metrics and health.
package main

import (
	"fmt"
	"io"
	"os"

	"tarn/sql/sqlstate"
)

// version is set by the linker (-X main.version=...).
var version = "dev"

func main() {
	os.Exit(run(os.Args[1:]))
}

// run is main with its arguments; the result is the exit status.
func run(args []string) int {
	var err error
	switch {
	case len(args) > 0 && args[0] == "inspect":
		err = inspect(os.Stdout, args[1:])
	case len(args) > 0 && args[0] == "health":
		err = health(args[1:])
	default:
		err = serve(args)
	}
	if err == errHelp {
		return 0
	}
	if err != nil {
		report(os.Stderr, err)
		return 1
	}
	return 0
}

// report says why the server ends, and what to do about it if that is known.
func report(w io.Writer, err error) {
	fmt.Fprintln(w, "tarn:", err)
	if hint := sqlstate.From(err).Hint; hint != "" {
		fmt.Fprintln(w, "hint:", hint)
	}
}
