package log

import (
	"errors"
	"fmt"
	"slices"
)

// Truncate removes the segments nobody needs: sealed ones whose epochs are all below keepEpoch, the first epoch that a
// restart would replay, and in which no relation wants its history. keepRelation says of a relation whether it does, and
// from which epoch on. Segments being read stay for the next call. A segment is removed whole or not at all: the parts of
// relations without a history stay as long as their segment.
//
// After an error nothing more is removed until the log is opened anew, so that a crash cannot bring back an older segment
// than one that is gone.
func (l *Log) Truncate(keepEpoch uint64, keepRelation func(relation uint32) (fromEpoch uint64, keep bool)) error {
	l.truncateMu.Lock()
	defer l.truncateMu.Unlock()
	if l.truncateErr != nil {
		return l.truncateErr
	}
	removed, oldest := l.unlist(l.unwanted(keepEpoch, keepRelation))
	if len(removed) == 0 {
		return nil
	}
	// The index file of a removed segment may still be on its way.
	idle := make(chan struct{})
	l.jobs <- func() { close(idle) }
	<-idle
	for _, s := range removed {
		if err := l.remove(s, s.number > oldest); err != nil {
			l.truncateErr = fmt.Errorf("remove log segment %d: %w", s.number, err)
			return l.truncateErr
		}
	}
	return l.forget(oldest)
}

// unwanted are the segments that Truncate may remove.
func (l *Log) unwanted(keepEpoch uint64, keepRelation func(relation uint32) (uint64, bool)) map[*segment]bool {
	l.mu.RLock()
	sealed := slices.Clone(l.segments[:len(l.segments)-1])
	indexes := make([]*index, len(sealed))
	for i, s := range sealed {
		indexes[i] = s.index
	}
	l.mu.RUnlock()

	found := make(map[*segment]bool)
segments:
	for i, s := range sealed {
		x := indexes[i]
		if x.records > 0 && x.last >= keepEpoch {
			continue
		}
		for id, r := range x.relations {
			if from, keep := keepRelation(id); keep && r.last >= from {
				continue segments
			}
		}
		found[s] = true
	}
	return found
}

// unlist takes segments out of the log unless they are being read. It returns those it took and the number of the oldest
// one left.
func (l *Log) unlist(unwanted map[*segment]bool) (removed []*segment, oldest uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var kept []*segment
	for _, s := range l.segments {
		if unwanted[s] && s.readers == 0 {
			removed = append(removed, s)
		} else {
			kept = append(kept, s)
		}
	}
	l.segments = kept
	return removed, kept[0].number
}

// remove deletes the files of a segment. If older ones stay, a file says that it is not missing but removed. Each step is
// durable before the next, so that a crash leaves nothing that looks like a lost segment.
func (l *Log) remove(s *segment, leavesGap bool) error {
	if leavesGap {
		gone, err := l.fs.Create(l.path(goneName(s.number)), writeCategory)
		if err != nil {
			return err
		}
		if err := errors.Join(gone.Close(), syncDir(l.fs, l.dir)); err != nil {
			return err
		}
	}
	if err := l.fs.Remove(l.path(segmentName(s.number))); err != nil {
		return err
	}
	// There is no index file where writing it failed; what is left over, Open removes.
	l.fs.Remove(l.path(indexName(s.number)))
	return syncDir(l.fs, l.dir)
}

// forget removes the notes of removed segments before the oldest one there is.
func (l *Log) forget(oldest uint64) error {
	ls, err := list(l.fs, l.dir)
	if err != nil {
		return err
	}
	for _, n := range ls.gone {
		if n < oldest {
			if err := l.fs.Remove(l.path(goneName(n))); err != nil {
				return err
			}
		}
	}
	return nil
}
