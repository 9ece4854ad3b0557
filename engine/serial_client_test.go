package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"

	"tarn/sql/sqlstate"
)

// clock gives the ticks by which it is told who ended before whom began.
type clock struct{ atomic.Int64 }

func (c *clock) tick() int64 { return c.Add(1) }

// serialClient undertakes random transactions, one statement at a time.
type serialClient struct {
	number  int
	session *Session
	rng     *rand.Rand
	clock   *clock
	ids     *atomic.Int64
	done    []*undertaken
	lost    int // transactions that lost a race
	failure error

	now    *undertaken // nil: between two
	form   form
	todo   []sentence
	depth  int  // savepoints that are set
	writes bool // at the end its number is noted
}

// form is how a transaction is sent.
type form int

const (
	single   form = iota // one statement of its own
	implicit             // several in one message, without BEGIN
	block
)

// begin chooses the next transaction.
func (c *serialClient) begin() {
	r := c.rng
	u := &undertaken{id: int(c.ids.Add(1)), client: c.number, end: never}
	c.now, c.depth, c.todo, c.writes = u, 0, nil, false
	read := func() sentence {
		if c.form == block && r.IntN(8) == 0 {
			s := everything[r.IntN(len(everything))]
			name := fmt.Sprint("c", r.Uint32())
			return sentence{"DECLARE " + name + " CURSOR FOR " + s.text + "; FETCH ALL FROM " + name, s.means}
		}
		return serialReads[r.IntN(len(serialReads))](r)
	}
	c.form = single
	switch kind := r.IntN(20); {
	case kind < 4:
		c.todo = []sentence{read()}
	case kind < 6:
		c.todo, u.alone = []sentence{appendTo(r.IntN(3), u.id)}, true
	case kind < 8:
		c.todo = []sentence{noteTotal(u.id)}
	case kind < 10:
		c.form = block
		for range 2 + r.IntN(3) {
			c.todo = append(c.todo, read())
		}
	default:
		c.form, c.writes = block, true
		if r.IntN(5) == 0 {
			c.form = implicit
		}
		for range 1 + r.IntN(5) {
			if r.IntN(10) < 4 {
				c.todo = append(c.todo, read())
			} else {
				c.todo = append(c.todo, serialWrites[r.IntN(len(serialWrites))](r, u.id))
			}
		}
	}
	u.begin = c.clock.tick()
	if c.form == block {
		c.must("BEGIN")
	}
}

// must executes a statement that has no way to fail.
func (c *serialClient) must(text string) {
	if _, _, err := try(c.session, text); err != nil {
		c.failure = fmt.Errorf("%s: %w", text, err)
	}
}

// step sends the next statement, or begins or ends a transaction.
func (c *serialClient) step() {
	switch r := c.rng; {
	case c.now == nil:
		c.begin()
	case len(c.todo) == 0:
		c.finish(r.IntN(8) > 0)
	case c.form == block && r.IntN(8) == 0:
		c.say(save(c.depth))
		c.depth++
	case c.form == block && c.depth > 0 && r.IntN(8) == 0:
		c.goBack()
	default:
		s := c.todo[0]
		c.todo = c.todo[1:]
		if c.say(s) {
			break
		}
		if c.form == block && c.depth > 0 && r.IntN(3) > 0 {
			c.goBack()
		} else {
			c.finish(false)
		}
	}
}

// goBack goes back to a savepoint, which stays.
func (c *serialClient) goBack() {
	c.depth = c.rng.IntN(c.depth) + 1
	c.say(backTo(c.depth - 1))
}

// say executes a statement and records its answer; false after an error.
func (c *serialClient) say(s sentence) bool {
	answer, err := c.send(s.text)
	if err != nil {
		answer = string(code(err))
	}
	c.now.said = append(c.now.said, said{s, answer, c.clock.tick()})
	return err == nil
}

func (c *serialClient) send(text string) (string, error) {
	if c.form != implicit {
		rows, tag, err := try(c.session, text)
		return reply(tag, rows), err
	}
	statements, err := c.session.Parse(text)
	if err != nil {
		return "", err
	}
	p, err := c.session.Prepare(context.Background(), statements[0], nil)
	if err != nil {
		c.session.Fail()
		return "", err
	}
	r := &recorder{fields: p.Fields}
	tag, err := c.session.Execute(context.Background(), p, nil, r)
	return reply(tag, r.rows), err
}

// finish ends the transaction; one that is not to be kept, or has failed, is rolled back.
func (c *serialClient) finish(keep bool) {
	u := c.now
	if c.form == single {
		last := u.said[len(u.said)-1]
		c.end(u.alone || strings.HasPrefix(last.text, "INSERT"), last.at, nil)
		return
	}
	if keep && c.writes && !c.say(note(u.id)) {
		c.failure = fmt.Errorf("the number of %v", u)
	}
	var err error
	switch {
	case c.form == implicit && c.session.tx == nil: // an error has ended it
	case c.form == implicit:
		if !c.writes || !keep {
			c.say(note(u.id)) // there is no way to take back what is not a block
		}
		err, keep = c.session.Sync(context.Background()), true
	case keep:
		_, _, err = try(c.session, "COMMIT")
	default:
		c.must("ROLLBACK")
	}
	c.end(keep && c.writes, c.clock.tick(), err)
}

// end puts the transaction to those that are done.
func (c *serialClient) end(wrote bool, at int64, err error) {
	u := c.now
	c.now, u.end = nil, at
	switch code(err) {
	case "":
		if wrote {
			u.outcome = committed
		}
	case sqlstate.SerializationFailure:
		c.lost++
	case sqlstate.UniqueViolation:
	default:
		c.failure = fmt.Errorf("the end of %v: %w", u, err)
	}
	c.done = append(c.done, u)
}

// makeAndRead makes a view over what is there, reads it, and drops it.
func (c *serialClient) makeAndRead() {
	_, _, err := try(c.session, "CREATE MATERIALIZED VIEW late AS SELECT g, count(*) AS n, sum(v) AS s FROM reg GROUP BY g")
	switch code(err) {
	case "":
	case sqlstate.SerializationFailure:
		return
	default:
		c.failure = err
		return
	}
	for range 3 {
		c.now, c.form = &undertaken{id: int(c.ids.Add(1)), client: c.number, begin: c.clock.tick()}, single
		c.say(sentence{"SELECT * FROM late", func(w *replay) string { return reply("", w.sums()) }})
		c.finish(true)
	}
	c.must("DROP MATERIALIZED VIEW late")
}

// look reads all tables and views in one transaction. (Not the stream: the log, which is being written, may not be read.)
func (c *serialClient) look() {
	c.now = &undertaken{id: int(c.ids.Add(1)), client: c.number, begin: c.clock.tick(), end: never}
	c.form, c.writes = block, false
	c.must("BEGIN")
	for _, q := range everything {
		if !strings.HasSuffix(q.text, "committed") {
			c.say(q)
		}
	}
	c.finish(true)
}
