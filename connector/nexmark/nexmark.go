// Package nexmark generates the stream of an online auction: the persons, auctions and bids of the Nexmark benchmark
// (Tucker, Tufte, Papadimos, Maier: "NEXMark - A Benchmark for Queries over Data Streams", 2002), in its standard
// proportion of 1 to 3 to 46.
//
// Every event is a function of the seed and its number, so that a stream can be generated anywhere, twice, and from any
// event on. As in the implementations in common use, half of the bids go to a hot auction and most come from hot bidders,
// auctions are bid on while they are open, and prices are log-uniform.
package nexmark

import (
	"math"
	"strconv"

	"tarn/delta"
	"tarn/sql/types"
)

// Events of one round of the stream: one person, then three auctions, then bids.
const (
	personsPerRound  = 1
	auctionsPerRound = 3
	Round            = 50

	firstPerson   = 1000
	firstAuction  = 1000
	firstCategory = 10
	categories    = 5

	activePeople   = 1000 // how many of the youngest persons sell and bid
	activeAuctions = 100  // how many of the youngest auctions are bid on
	hotRatio       = 100  // one in so many ids is hot for a while
)

// Schema is the SQL that makes the three streams.
const Schema = `CREATE STREAM person (id bigint NOT NULL, name text NOT NULL, email text NOT NULL, credit_card text NOT NULL, city text NOT NULL, state text NOT NULL, date_time timestamp NOT NULL, extra text NOT NULL);
CREATE STREAM auction (id bigint NOT NULL, item_name text NOT NULL, description text NOT NULL, initial_bid bigint NOT NULL, reserve bigint NOT NULL, date_time timestamp NOT NULL, expires timestamp NOT NULL, seller bigint NOT NULL, category bigint NOT NULL, extra text NOT NULL);
CREATE STREAM bid (auction bigint NOT NULL, bidder bigint NOT NULL, price bigint NOT NULL, channel text NOT NULL, url text NOT NULL, date_time timestamp NOT NULL, extra text NOT NULL);`

var (
	bigint    = types.Of(types.Int8OID)
	text      = types.Of(types.TextOID)
	timestamp = types.Of(types.TimestampOID)

	// Persons, Auctions and Bids are the types of the columns of the three streams.
	Persons  = []types.Type{bigint, text, text, text, text, text, timestamp, text}
	Auctions = []types.Type{bigint, text, text, bigint, bigint, timestamp, timestamp, bigint, bigint, text}
	Bids     = []types.Type{bigint, bigint, bigint, text, text, timestamp, text}

	firstNames = [...]string{"Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"}
	lastNames  = [...]string{"Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"}
	cities     = [...]string{"Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond", "Seattle", "Kent", "Cheyenne"}
	states     = [...]string{"AZ", "CA", "ID", "OR", "WA", "WY"}
	channels   = [...]string{"Google", "Facebook", "Baidu", "Apple"}
)

// Generator makes the events of one stream in order.
type Generator struct {
	seed  uint64
	next  int64 // number of the next event
	start int64 // time of event 0, microseconds since 2000-01-01
	gap   float64
	buf   []byte
}

// New returns a generator whose events are perSecond to a second of event time, from start (microseconds since 2000-01-01).
func New(seed uint64, start int64, perSecond float64) *Generator {
	return &Generator{seed: seed, start: start, gap: 1e6 / perSecond}
}

// Batches are the next events, as rows to insert into the three streams.
type Batches struct{ Persons, Auctions, Bids *delta.Batch }

// Next generates n events.
func (g *Generator) Next(n int) Batches {
	b := Batches{
		delta.NewBatch(Persons, n/Round+1),
		delta.NewBatch(Auctions, n*auctionsPerRound/Round+auctionsPerRound),
		delta.NewBatch(Bids, n),
	}
	for i := 0; i < n; i++ {
		r := random{g.seed ^ uint64(g.next)*0x9e3779b97f4a7c15}
		at := g.start + int64(float64(g.next)*g.gap)
		switch k := g.next % Round; {
		case k < personsPerRound:
			g.person(b.Persons, &r, at)
		case k < personsPerRound+auctionsPerRound:
			g.auction(b.Auctions, &r, at)
		default:
			g.bid(b.Bids, &r, at)
		}
		g.next++
	}
	return b
}

// lastPerson and lastAuction are the youngest ids there are when the next event happens.
func (g *Generator) lastPerson() int64 { return firstPerson + g.next/Round }

func (g *Generator) lastAuction() int64 {
	k := min(g.next%Round-personsPerRound, auctionsPerRound-1)
	return firstAuction + g.next/Round*auctionsPerRound + max(k, -1)
}

func (g *Generator) person(b *delta.Batch, r *random, at int64) {
	first, last := firstNames[r.below(len(firstNames))], lastNames[r.below(len(lastNames))]
	b.Cols[0].AppendInt(g.lastPerson())
	b.Cols[1].AppendString(first + " " + last)
	g.word(r, 7)
	b.Cols[2].AppendBytes(append(append(append([]byte(nil), g.buf...), '@'), "example.com"...))
	g.buf = g.buf[:0]
	for i := 0; i < 4; i++ {
		if i > 0 {
			g.buf = append(g.buf, ' ')
		}
		g.buf = strconv.AppendInt(g.buf, int64(1000+r.below(9000)), 10)
	}
	b.Cols[3].AppendBytes(g.buf)
	b.Cols[4].AppendString(cities[r.below(len(cities))])
	b.Cols[5].AppendString(states[r.below(len(states))])
	b.Cols[6].AppendInt(at)
	g.word(r, 8)
	b.Cols[7].AppendBytes(g.buf)
	b.AppendCount(1)
}

func (g *Generator) auction(b *delta.Batch, r *random, at int64) {
	id, initial := g.lastAuction(), r.price()
	b.Cols[0].AppendInt(id)
	g.word(r, 12)
	b.Cols[1].AppendBytes(g.buf)
	g.word(r, 40)
	b.Cols[2].AppendBytes(g.buf)
	b.Cols[3].AppendInt(initial)
	b.Cols[4].AppendInt(initial + r.price())
	b.Cols[5].AppendInt(at)
	// Open for about as long as it takes for activeAuctions more to come.
	open := int64(g.gap * Round / auctionsPerRound * activeAuctions)
	b.Cols[6].AppendInt(at + 1 + int64(r.below(int(max(2*open, 1)))))
	b.Cols[7].AppendInt(g.somePerson(r, 4))
	b.Cols[8].AppendInt(firstCategory + int64(r.below(categories)))
	g.word(r, 16)
	b.Cols[9].AppendBytes(g.buf)
	b.AppendCount(1)
}

func (g *Generator) bid(b *delta.Batch, r *random, at int64) {
	last := g.lastAuction()
	auction := last / hotRatio * hotRatio // the hot one
	if auction < firstAuction || r.below(2) == 0 {
		auction = last - int64(r.below(int(min(last-firstAuction+1, activeAuctions))))
	}
	b.Cols[0].AppendInt(auction)
	b.Cols[1].AppendInt(g.somePerson(r, 4))
	b.Cols[2].AppendInt(r.price())
	b.Cols[3].AppendString(channels[r.below(len(channels))])
	g.buf = append(g.buf[:0], "https://auction.example.com/item/"...)
	g.buf = strconv.AppendInt(g.buf, auction, 10)
	b.Cols[4].AppendBytes(g.buf)
	b.Cols[5].AppendInt(at)
	g.word(r, 12)
	b.Cols[6].AppendBytes(g.buf)
	b.AppendCount(1)
}

// somePerson is a hot person but once in so many times, else any of the youngest.
func (g *Generator) somePerson(r *random, once int) int64 {
	last := g.lastPerson()
	if hot := last / hotRatio * hotRatio; r.below(once) > 0 && hot >= firstPerson {
		return hot + 1
	}
	return last - int64(r.below(int(min(last-firstPerson+1, activePeople))))
}

// word leaves a random word in the buffer.
func (g *Generator) word(r *random, n int) {
	g.buf = g.buf[:0]
	for len(g.buf) < n {
		for v := r.next(); v != 0 && len(g.buf) < n; v >>= 8 {
			g.buf = append(g.buf, 'a'+byte(v%26))
		}
	}
}

// random is SplitMix64.
type random struct{ state uint64 }

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	x := r.state
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

// price is log-uniform between one and ten million.
func (r *random) price() int64 {
	return int64(math.Round(math.Pow(10, float64(r.next()>>11)/(1<<53)*6) * 100))
}
