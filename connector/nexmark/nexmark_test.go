package nexmark

import (
	"bytes"
	"testing"

	"tarn/delta"
)

func encode(b Batches) []byte {
	return delta.EncodeBatch(delta.EncodeBatch(delta.EncodeBatch(nil, b.Persons), b.Auctions), b.Bids)
}

func TestSameSeedSameStream(t *testing.T) {
	a, b := New(7, 0, 1000), New(7, 0, 1000)
	if !bytes.Equal(encode(a.Next(5000)), encode(b.Next(5000))) {
		t.Fatal("two generators with one seed differ")
	}
	if bytes.Equal(encode(a.Next(5000)), encode(New(8, 0, 1000).Next(5000))) {
		t.Fatal("two seeds give the same stream")
	}
}

// The proportion is 1 : 3 : 46, every bid is on an auction that exists, every seller and bidder is a person that exists.
func TestStreamIsConsistent(t *testing.T) {
	b := New(1, 0, 1000).Next(50_000)
	if b.Persons.Len != 1000 || b.Auctions.Len != 3000 || b.Bids.Len != 46_000 {
		t.Fatalf("%d persons, %d auctions, %d bids", b.Persons.Len, b.Auctions.Len, b.Bids.Len)
	}
	people, auctions := map[int64]bool{}, map[int64]bool{}
	for _, id := range b.Persons.Cols[0].Ints {
		if people[id] {
			t.Fatalf("person %d twice", id)
		}
		people[id] = true
	}
	for i, id := range b.Auctions.Cols[0].Ints {
		if auctions[id] || !people[b.Auctions.Cols[7].Ints[i]] || b.Auctions.Cols[6].Ints[i] <= b.Auctions.Cols[5].Ints[i] {
			t.Fatalf("auction %d twice, without a seller, or closed before it opens", id)
		}
		auctions[id] = true
	}
	for i, id := range b.Bids.Cols[0].Ints {
		if !auctions[id] || !people[b.Bids.Cols[1].Ints[i]] || b.Bids.Cols[2].Ints[i] < 100 {
			t.Fatalf("bid %d on auction %d by %d", i, id, b.Bids.Cols[1].Ints[i])
		}
	}
}
