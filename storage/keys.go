package storage

import (
	"encoding/binary"
	"slices"
)

// Space is the first byte of a key: whose it is. FORMAT.md draws what follows in each.
type Space byte

const (
	SpaceMeta     Space = 1 // epoch, cut, catalogue
	SpaceRelation Space = 2 // header of an arrangement: number of rows, first and next sequence
	SpaceRow      Space = 3 // rows of arrangements
	SpaceState    Space = 4 // entries of state maps
	SpaceBlock    Space = 5 // tree nodes of the large groups of multimaps
	spaceEnd      Space = 6
)

// PrefixLen is the length of the part of a key that Prefix makes.
const PrefixLen = 5

// Prefix appends the beginning of all keys of an id in a space.
func Prefix(dst []byte, space Space, id uint32) []byte {
	return binary.BigEndian.AppendUint32(append(dst, byte(space)), id)
}

// PrefixEnd appends the smallest key above all keys that start with prefix; nil if there is none.
func PrefixEnd(dst, prefix []byte) []byte {
	for n := len(prefix); n > 0; n-- {
		if prefix[n-1] != 0xff {
			dst = append(dst, prefix[:n]...)
			dst[len(dst)-1]++
			return dst
		}
	}
	return nil
}

var (
	keyMeta      = []byte{byte(SpaceMeta), 'm', 'e', 't', 'a'}
	keyCatalogue = []byte{byte(SpaceMeta), 'c', 'a', 't', 'a', 'l', 'o', 'g', 'u', 'e'}
)

// IDs are all ids under which the store has anything, ascending.
func (s *Store) IDs() ([]uint32, error) {
	snap := s.Snapshot()
	defer snap.Release()
	it, err := snap.NewIter([]byte{byte(SpaceMeta) + 1}, []byte{byte(spaceEnd)})
	if err != nil {
		return nil, err
	}
	var ids []uint32
	for ok := it.First(); ok; {
		key := it.Key()
		id := binary.BigEndian.Uint32(key[1:])
		ids = append(ids, id)
		next := PrefixEnd(nil, key[:PrefixLen])
		if next == nil {
			break
		}
		ok = it.SeekGE(next)
	}
	if err := it.Close(); err != nil {
		return nil, err
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}
