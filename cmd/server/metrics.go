package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"tarn/engine"
	"tarn/wire"
)

// metric is one number of the server: a row of the table below.
type metric struct {
	name, help string
	kind       prometheus.ValueType
	value      func(s *engine.Stats, w *wire.Stats) float64
}

const (
	counter = prometheus.CounterValue
	gauge   = prometheus.GaugeValue
)

var metrics = []metric{
	{"tarn_epoch", "Number of the newest published epoch.", gauge,
		func(s *engine.Stats, _ *wire.Stats) float64 { return float64(s.Epoch) }},
	{"tarn_checkpoint_epoch", "Epoch of the last committed checkpoint.", gauge,
		func(s *engine.Stats, _ *wire.Stats) float64 { return float64(s.Checkpointed) }},
	{"tarn_epochs_total", "Epochs turned since the start.", counter,
		func(s *engine.Stats, _ *wire.Stats) float64 { return float64(s.Epochs) }},
	{"tarn_rows_changed_total", "Rows that users have changed since the start.", counter,
		func(s *engine.Stats, _ *wire.Stats) float64 { return float64(s.Rows) }},
	{"tarn_statements_total", "Statements executed.", counter,
		func(s *engine.Stats, _ *wire.Stats) float64 { return float64(s.Statements) }},
	{"tarn_statement_failures_total", "Statements that ended in an error.", counter,
		func(s *engine.Stats, _ *wire.Stats) float64 { return float64(s.Failures) }},
	{"tarn_conflicts_total", "Transactions that lost a race with another one.", counter,
		func(s *engine.Stats, _ *wire.Stats) float64 { return float64(s.Conflicts) }},
	{"tarn_state_bytes", "Memory that the state of operators takes.", gauge,
		func(s *engine.Stats, _ *wire.Stats) float64 { return float64(s.StateBytes) }},
	{"tarn_state_budget_bytes", "Memory that the state of operators may take.", gauge,
		func(s *engine.Stats, _ *wire.Stats) float64 { return float64(s.StateBudget) }},
	{"tarn_store_bytes", "Disk space of the store.", gauge,
		func(s *engine.Stats, _ *wire.Stats) float64 { return float64(s.StoreBytes) }},
	{"tarn_log_bytes", "Bytes of retained records in the log.", gauge,
		func(s *engine.Stats, _ *wire.Stats) float64 { return float64(s.LogBytes) }},
	{"tarn_log_segments", "Segments of the log.", gauge,
		func(s *engine.Stats, _ *wire.Stats) float64 { return float64(s.LogSegments) }},
	{"tarn_takes_writes", "1 if the database takes writes.", gauge,
		func(s *engine.Stats, _ *wire.Stats) float64 { return truth(s.TakesWrites) }},
	{"tarn_store_degraded", "1 if the store cannot write, for lack of space for example.", gauge,
		func(s *engine.Stats, _ *wire.Stats) float64 { return truth(s.StoreDegraded) }},
	{"tarn_sessions", "Open sessions.", gauge,
		func(s *engine.Stats, _ *wire.Stats) float64 { return float64(s.Sessions) }},
	{"tarn_connections", "Open client connections.", gauge,
		func(_ *engine.Stats, w *wire.Stats) float64 { return float64(w.Connections) }},
	{"tarn_connections_total", "Client connections accepted.", counter,
		func(_ *engine.Stats, w *wire.Stats) float64 { return float64(w.Total) }},
	{"tarn_connections_refused_total", "Client connections refused because there were too many.", counter,
		func(_ *engine.Stats, w *wire.Stats) float64 { return float64(w.Refused) }},
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

var relationsDesc = prometheus.NewDesc("tarn_relations", "Relations by kind.", []string{"kind"}, nil)

// collector asks the running server for its numbers whenever somebody wants to know. There are none before it runs.
type collector struct{ *observed }

func (c collector) Describe(descs chan<- *prometheus.Desc) {
	for _, m := range metrics {
		descs <- m.desc()
	}
	descs <- relationsDesc
}

func (c collector) Collect(out chan<- prometheus.Metric) {
	r := c.running.Load()
	if r == nil {
		return
	}
	s, w := r.engine.Stats(), r.wire.Stats()
	for _, m := range metrics {
		out <- prometheus.MustNewConstMetric(m.desc(), m.kind, m.value(&s, &w))
	}
	for kind, n := range s.Relations {
		out <- prometheus.MustNewConstMetric(relationsDesc, gauge, float64(n), kind)
	}
}

func (m *metric) desc() *prometheus.Desc { return prometheus.NewDesc(m.name, m.help, nil, nil) }
