package functions

// extremeAggregates are min and max, of every type that has an order.
func extremeAggregates() []Aggregate {
	var out []Aggregate
	for _, t := range sig(int2, int4, int8, oid, float4, float8, numeric, text, bpchar, date, clock, timestamp, timestamptz, interval, array) {
		out = append(out,
			Aggregate{Name: "min", Args: sig(t), Returns: t, Extreme: -1},
			Aggregate{Name: "max", Args: sig(t), Returns: t, Extreme: 1},
		)
	}
	return out
}
