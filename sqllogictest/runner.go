package sqllogictest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Runner runs one script in one mode.
type Runner struct {
	Mode     Mode
	Database Database
	// Crash ends the database without warning and opens what a crash leaves; for modes with crashes.
	Crash func() (Database, error)
	// Seed decides where crashes are.
	Seed uint64
	// Update takes the answers for the expected ones: see Script.Updated.
	Update bool

	script        *Script
	stats         Stats
	failures      []error
	connections   map[string]Connection
	memory        map[string][]string // what connections have set, to do it again after a crash
	views         map[*Record]bool    // made before they are asked
	subscriptions map[string]*subscription
}

// Run runs a script and returns what has not gone as it says.
func (r *Runner) Run(ctx context.Context, s *Script) (Stats, []error) {
	r.script = s
	r.connections, r.memory = map[string]Connection{}, map[string][]string{}
	r.views, r.subscriptions = map[*Record]bool{}, map[string]*subscription{}
	defer r.disconnect()
	rng := rand.New(rand.NewPCG(r.Seed, 1))
	for i, rec := range s.Records {
		if rec.Kind == Halt || len(r.failures) >= 20 {
			break
		}
		if !r.Mode.runs(rec) {
			r.stats.Skipped++
			continue
		}
		if r.Mode.Crash && rng.IntN(6) == 0 && r.idle() {
			if err := r.crash(); err != nil {
				r.fail(rec, "crash: %v", err)
				break
			}
		}
		switch rec.Kind {
		case Statement:
			r.statement(ctx, rec)
			if next := i + 1; r.Mode.Before && (next == len(s.Records) || !defines(s.Records[next])) {
				r.makeViews(ctx, s.Records[next:])
			}
		case Query:
			r.query(ctx, rec)
		case Subscribe:
			r.subscribe(ctx, rec)
		case Changes:
			r.changes(rec)
		}
	}
	return r.stats, r.failures
}

func (r *Runner) fail(rec *Record, format string, args ...any) {
	r.failures = append(r.failures, fmt.Errorf("%s:%d: %s\n%s", r.script.Name, rec.Line, rec.SQL, fmt.Sprintf(format, args...)))
}

// connection is the open connection of a name.
func (r *Runner) connection(ctx context.Context, name string) (Connection, error) {
	c := r.connections[name]
	if c != nil {
		return c, nil
	}
	c, err := r.Database.Connect(ctx)
	if err != nil {
		return nil, err
	}
	r.connections[name] = c
	for _, text := range r.memory[name] {
		if _, err := c.Run(ctx, text, nil); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (r *Runner) disconnect() {
	for _, s := range r.subscriptions {
		s.stop()
	}
	for _, c := range r.connections {
		c.Close()
	}
	clear(r.subscriptions)
	clear(r.connections)
}

// idle tells whether a crash now loses nothing that the script counts on.
func (r *Runner) idle() bool {
	for _, c := range r.connections {
		if c.InBlock() {
			return false
		}
	}
	return len(r.subscriptions) == 0
}

func (r *Runner) crash() (err error) {
	r.stats.Crashes++
	r.Database, err = r.Crash()
	clear(r.connections) // what they were connected to is gone
	return err
}

var sets = regexp.MustCompile(`(?i)^\s*(SET|RESET|PREPARE|DEALLOCATE|DISCARD)\b`)

// do runs SQL as a record wants it.
func (r *Runner) do(ctx context.Context, rec *Record, text string) (Result, error) {
	c, err := r.connection(ctx, rec.Connection)
	if err != nil {
		return Result{}, err
	}
	var data []string
	if rec.Kind == Statement {
		data = rec.Rows
	}
	result, err := c.Run(ctx, text, data)
	if err == nil && sets.MatchString(text) {
		r.memory[rec.Connection] = append(r.memory[rec.Connection], text)
	}
	return result, err
}

func (r *Runner) statement(ctx context.Context, rec *Record) {
	text, changed := rec.SQL, false
	if r.Mode.Name == postgres.Name {
		text, changed = ForPostgres(text)
	}
	if r.Mode.Before && removes.MatchString(text) {
		r.dropViews(ctx)
	}
	r.stats.Statements++
	result, err := r.do(ctx, rec, text)
	switch {
	case rec.Code != "":
		r.expectError(rec, err)
	case err != nil:
		r.fail(rec, "fails: %v", err)
	case rec.Tag != "" && rec.Tag != result.Tag && !changed:
		r.fail(rec, "answers %q, want %q", result.Tag, rec.Tag)
	}
}

// expectError checks that an error is the one a record wants.
func (r *Runner) expectError(rec *Record, err error) {
	var f *Failure
	switch {
	case err == nil:
		r.fail(rec, "succeeds, want error %s", rec.Code)
	case !errors.As(err, &f) || f.Code != rec.Code:
		r.fail(rec, "fails: %v; want error %s", err, rec.Code)
	case rec.Message != nil && !rec.Message.MatchString(f.Message):
		r.fail(rec, "fails: %v; want a message like %s", err, rec.Message)
	}
}

func (r *Runner) query(ctx context.Context, rec *Record) {
	if !r.Mode.viewed(rec) || r.Mode.Crash {
		r.stats.Queries++
		result, err := r.do(ctx, rec, rec.SQL)
		if !r.answer(rec, result, err, rec.NoSort, "") {
			return
		}
	}
	if !r.Mode.viewed(rec) {
		return
	}
	r.stats.Views++
	name := viewName(rec)
	if !r.views[rec] {
		if _, err := r.do(ctx, rec, createView(rec)); err != nil {
			r.answer(rec, Result{}, err, false, "CREATE MATERIALIZED VIEW: ")
			return
		}
	}
	result, err := r.do(ctx, rec, "SELECT * FROM "+name)
	r.answer(rec, result, err, false, "SELECT * FROM "+name+": ")
	switch c := r.connections[rec.Connection]; {
	case r.Mode.After && (err == nil || !c.InBlock()):
		if _, err := r.do(ctx, rec, "DROP MATERIALIZED VIEW "+name); err != nil {
			r.fail(rec, "DROP MATERIALIZED VIEW: %v", err)
		}
	case !r.Mode.After && !r.views[rec] && !c.InBlock():
		r.views[rec] = true
	}
}

// answer compares an answer with the expected one.
func (r *Runner) answer(rec *Record, got Result, err error, inOrder bool, where string) bool {
	before := len(r.failures)
	switch {
	case rec.Code != "":
		r.expectError(rec, err)
	case err != nil:
		r.fail(rec, "%sfails: %v", where, err)
	case r.Update:
		rec.updateRows, rec.updateType = append([]string{}, got.Rows...), got.Types
		if !rec.NoSort {
			slices.Sort(rec.updateRows)
		}
	case got.Types != rec.Types:
		r.fail(rec, "%sthe columns are %s, want %s", where, got.Types, rec.Types)
	case !equalRows(got.Rows, rec.Rows, inOrder):
		r.fail(rec, "%sanswers\n\t%s\nwant\n\t%s", where, strings.Join(got.Rows, "\n\t"), strings.Join(rec.Rows, "\n\t"))
	}
	return len(r.failures) == before
}

var (
	definition = regexp.MustCompile(`(?i)^\s*CREATE\b`)
	removes    = regexp.MustCompile(`(?i)\bDROP\b|\bCREATE\s+OR\s+REPLACE\b`)
)

func defines(rec *Record) bool { return rec.Kind == Statement && definition.MatchString(rec.SQL) }

func viewName(rec *Record) string { return fmt.Sprintf("view_of_line_%d", rec.Line) }

// createView makes a view of a query. Its columns get names, which in the query need not be different.
func createView(rec *Record) string {
	columns := ""
	if rec.Code == "" && rec.Types != "" {
		names := make([]string, len(rec.Types))
		for i := range names {
			names[i] = fmt.Sprintf("c%d", i+1)
		}
		columns = " (" + strings.Join(names, ", ") + ")"
	}
	return "CREATE MATERIALIZED VIEW " + viewName(rec) + columns + " AS " + strings.TrimSuffix(strings.TrimSpace(rec.SQL), ";")
}

// makers is the connection that makes and drops views; no record can name it.
const makers = " makers"

// makeViews makes views of all queries to come whose relations exist by now. What can not be made is tried again later, and
// an error when the query is asked.
func (r *Runner) makeViews(ctx context.Context, records []*Record) {
	c, err := r.connection(ctx, makers)
	if err != nil {
		return
	}
	for _, rec := range records {
		if rec.Kind == Query && r.Mode.viewed(rec) && !r.views[rec] {
			if _, err := c.Run(ctx, createView(rec), nil); err == nil {
				r.views[rec] = true
			}
		}
	}
}

// dropViews drops all views that were made of queries, so that a script can drop what they read.
func (r *Runner) dropViews(ctx context.Context) {
	c, err := r.connection(ctx, makers)
	if err != nil {
		return
	}
	for _, rec := range r.script.Records {
		if !r.views[rec] {
			continue
		}
		if _, err := c.Run(ctx, "DROP MATERIALIZED VIEW "+viewName(rec), nil); err != nil {
			r.fail(rec, "DROP MATERIALIZED VIEW: %v", err)
		}
		delete(r.views, rec)
	}
}

// subscription is a SUBSCRIBE under way.
type subscription struct {
	connection Connection
	cancel     context.CancelFunc
	ended      chan struct{}

	mu   sync.Mutex
	rows []string
	err  error
	news chan struct{} // of capacity one
}

func (s *subscription) stop() {
	s.cancel()
	<-s.ended
	s.connection.Close()
}

func (s *subscription) tell() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// subscribe starts a subscription. Rows lose the epoch, their first column: it depends on the mode.
func (r *Runner) subscribe(ctx context.Context, rec *Record) {
	c, err := r.Database.Connect(ctx)
	if err != nil {
		r.fail(rec, "%v", err)
		return
	}
	r.stats.Statements++
	ctx, cancel := context.WithCancel(ctx)
	s := &subscription{connection: c, cancel: cancel, ended: make(chan struct{}), news: make(chan struct{}, 1)}
	r.subscriptions[rec.Name] = s
	go func() {
		defer close(s.ended)
		err := c.Follow(ctx, rec.SQL, func(values []string) bool {
			s.mu.Lock()
			s.rows = append(s.rows, strings.Join(values[1:], "\t"))
			s.mu.Unlock()
			s.tell()
			return true
		})
		s.mu.Lock()
		s.err = err
		s.mu.Unlock()
		s.tell()
	}()
}

// changesTimeout is how long changes may be in coming.
const changesTimeout = 20 * time.Second

// changes waits for as many rows of a subscription as are expected, and compares them.
func (r *Runner) changes(rec *Record) {
	s := r.subscriptions[rec.Name]
	if s == nil {
		r.fail(rec, "there is no subscription %q", rec.Name)
		return
	}
	r.stats.Queries++
	timeout := time.After(changesTimeout)
	for {
		s.mu.Lock()
		rows, err := s.rows, s.err
		if len(rows) >= len(rec.Rows) {
			s.rows = nil
		}
		s.mu.Unlock()
		switch {
		case rec.Code != "" && err != nil:
			r.expectError(rec, err)
			return
		case err != nil:
			r.fail(rec, "fails: %v", err)
			return
		case rec.Code == "" && len(rows) >= len(rec.Rows):
			if !equalRows(rows, rec.Rows, false) {
				r.fail(rec, "sends\n\t%s\nwant\n\t%s", strings.Join(rows, "\n\t"), strings.Join(rec.Rows, "\n\t"))
			}
			return
		}
		select {
		case <-s.news:
		case <-timeout:
			r.fail(rec, "sends only\n\t%s\nwant\n\t%s", strings.Join(rows, "\n\t"), strings.Join(rec.Rows, "\n\t"))
			return
		}
	}
}
