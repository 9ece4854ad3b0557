package engine

import (
	"tarn/delta"
	"tarn/storage/slab"
)

// returned is the rows of RETURNING. They are kept until the transaction can no longer be run again, and count until they are sent.
type returned struct {
	batches []*delta.Batch
	account *slab.Account
}

func (x *executing) returned() *returned { return &returned{account: x.session.engine.work.Account()} }

func (r *returned) add(b *delta.Batch) error {
	if err := r.account.Take(b.Bytes()); err != nil {
		return err
	}
	r.batches = append(r.batches, b)
	return nil
}

// reset lets go of all rows.
func (r *returned) reset() {
	r.account.Close()
	r.batches = nil
}

func (r *returned) send(client Client) error {
	for _, b := range r.batches {
		if err := client.Rows(b); err != nil {
			return err
		}
	}
	return nil
}
