package wire

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"tarn/engine"
	"tarn/sql"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// Config bounds what clients may take. The zero value of a field is its default.
type Config struct {
	MaxConnections int           // sessions; 0: 1000
	MaxMessage     int           // bytes of a message; 0: 256 MiB
	StartupTimeout time.Duration // from connecting to being ready; 0: 30 s
	Grace          time.Duration // what running statements get at shutdown; 0: 5 s
	Logger         *slog.Logger  // nil: slog.Default
}

// database and session are the engine as this package needs it.
type database interface {
	connect(user, database string, options map[string]string) (session, error)
	Cancel(pid, secret int32)
}

type session interface {
	ID() (pid, secret int32)
	Parameters() [][2]string
	Status() byte
	Parse(text string) ([]sql.Statement, error)
	Prepare(ctx context.Context, st sql.Statement, params []types.OID) (*engine.Prepared, error)
	Execute(ctx context.Context, p *engine.Prepared, params []types.Datum, c engine.Client) (tag string, err error)
	ExecuteLast(ctx context.Context, p *engine.Prepared, params []types.Datum, c engine.Client) (tag string, err error)
	Detach(p *engine.Prepared, params []types.Datum) (run func(ctx context.Context, c engine.Client) (tag string, err error))
	Sync(ctx context.Context) error
	Fail()
	Cursor(name string) (fields []engine.Field, ok bool)
	Env() *types.Env
	Room(bytes int64) error
	Close()
}

type engineDatabase struct{ *engine.Engine }

func (d engineDatabase) connect(user, database string, options map[string]string) (session, error) {
	s, err := d.Engine.Connect(user, database, options)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Server serves clients of one engine.
type Server struct {
	db  database
	cfg Config

	mu       sync.Mutex
	conns    map[*conn]struct{}
	draining bool
	served   sync.WaitGroup
	sessions atomic.Int64
	total    atomic.Int64
	refused  atomic.Int64
}

// New makes a server for an open engine, which must stay open until Serve has returned.
func New(e *engine.Engine, cfg Config) *Server { return newServer(engineDatabase{e}, cfg) }

func newServer(db database, cfg Config) *Server {
	if cfg.MaxConnections == 0 {
		cfg.MaxConnections = 1000
	}
	if cfg.MaxMessage == 0 {
		cfg.MaxMessage = 256 << 20
	}
	if cfg.StartupTimeout == 0 {
		cfg.StartupTimeout = 30 * time.Second
	}
	if cfg.Grace == 0 {
		cfg.Grace = 5 * time.Second
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	return &Server{db: db, cfg: cfg, conns: make(map[*conn]struct{})}
}

// Stats are counts of connections.
type Stats struct {
	Connections int64 // open now, past startup
	Total       int64 // sockets accepted so far
	Refused     int64 // of those, too many
}

// Stats returns the counts of now.
func (s *Server) Stats() Stats {
	return Stats{Connections: s.sessions.Load(), Total: s.total.Load(), Refused: s.refused.Load()}
}

// errShutdown is what clients are told when the server stops.
var errShutdown = sqlstate.New(sqlstate.AdminShutdown, "terminating connection due to administrator command")

// Serve accepts connections from l until ctx ends, and closes l. Then idle connections are ended, running statements get
// the grace period to finish (a SUBSCRIBE, which never does, gets none), and Serve returns nil once every connection has
// ended. Any other result is an error of l.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	stopClosing := context.AfterFunc(ctx, func() { l.Close() })
	defer stopClosing()
	watching, stopWatching := context.WithCancel(context.Background())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		s.watch(watching)
	}()
	err := s.accept(ctx, l)
	l.Close()
	s.drain()
	stopWatching()
	<-watched
	return err
}

func (s *Server) accept(ctx context.Context, l net.Listener) error {
	pause := 5 * time.Millisecond
	for {
		socket, err := l.Accept()
		switch {
		case err == nil:
			pause = 5 * time.Millisecond
			s.start(socket)
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, net.ErrClosed):
			return err
		default: // out of file descriptors, most likely: what is open may close
			s.cfg.Logger.Warn("accept connection", "error", err)
			time.Sleep(pause)
			pause = min(2*pause, time.Second)
		}
	}
}

// errTooMany is what clients are told that are one too many.
var errTooMany = sqlstate.New(sqlstate.TooManyConnections, "sorry, too many clients already")

// start serves a socket in a goroutine, or closes it where even the waiting room is full: sockets that are not sessions
// yet may be as many as sessions.
func (s *Server) start(socket net.Conn) {
	s.total.Add(1)
	c := newConn(s, socket)
	s.mu.Lock()
	full := len(s.conns) >= 2*s.cfg.MaxConnections
	if !full && !s.draining {
		s.conns[c] = struct{}{}
		s.served.Add(1)
	}
	refuse := full || s.draining
	s.mu.Unlock()
	if refuse {
		s.refused.Add(1)
		c.refuse(full)
		return
	}
	go func() {
		defer s.served.Done()
		c.serve()
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
	}()
}

func (s *Server) each(f func(c *conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		f(c)
	}
}

// drain ends all connections and waits for them.
func (s *Server) drain() {
	s.mu.Lock()
	s.draining = true
	s.mu.Unlock()
	s.each((*conn).drain)
	ended := make(chan struct{})
	go func() {
		s.served.Wait()
		close(ended)
	}()
	grace := time.NewTimer(s.cfg.Grace)
	defer grace.Stop()
	select {
	case <-ended:
	case <-grace.C:
		s.each((*conn).interrupt)
		<-ended
	}
}
