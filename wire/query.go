package wire

import "tarn/sql"

// query serves a simple Query: one or more statements in one implicit transaction, unless they open a block.
func (c *conn) query(m *message) error {
	text := m.string()
	if err := m.end(); err != nil {
		return err
	}
	c.forget("")
	c.closePortal("")
	if err := checkText(text); err != nil {
		return err
	}
	statements, err := c.session.Parse(text)
	if err != nil {
		return err
	}
	for i, st := range statements {
		if err := c.simple(st, i == len(statements)-1); err != nil {
			return err
		}
	}
	if len(statements) == 0 {
		c.out.empty('I')
	}
	c.out.ready(c.session.Status())
	return fatalOr(c.out.flush())
}

// simple executes one statement of a Query. After the last one the implicit transaction commits, before its answer is
// complete (W3).
func (c *conn) simple(st sql.Statement, last bool) error {
	var tag string
	err := c.run(isEndless(st), func() error {
		p, err := c.session.Prepare(c.ctx, st, nil)
		if err != nil {
			return err
		}
		if p.Fields != nil {
			c.out.rowDescription(p.Fields, nil)
		}
		c.beforeExecute(st, last)
		client := client{conn: c}
		c.rows.reset(p.Fields, nil, c.session.Env())
		tag, err = client.execute(p, nil, last)
		return err
	})
	if err != nil {
		return err
	}
	c.out.commandComplete(tag)
	return nil
}
