package dev.tagma.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tagma.wire.v1alpha1.Fragment;
import dev.tagma.wire.v1alpha1.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts the pieces of a large order together again: one per stream. Orders are cut so that nothing waits long behind a large one. */
public final class OrderPieces {
    /** Orders above this size in bytes are cut into pieces of it. */
    public static final int PIECE = 256 << 10;

    /** The largest order in bytes: 128 MiB. */
    public static final int MAX_ORDER = 128 << 20;

    private ByteString pieces = ByteString.EMPTY;

    /** The order as messages of bounded size. Throws IllegalArgumentException, which names the limit, where it is too large altogether. */
    public static List<Order> cut(Order order) {
        int size = order.getSerializedSize();
        if (size <= PIECE) {
            return List.of(order);
        }
        if (size > MAX_ORDER) {
            throw new IllegalArgumentException("an order has at most " + MAX_ORDER + " bytes, not " + size);
        }
        ByteString bytes = order.toByteString();
        List<Order> cut = new ArrayList<>(size / PIECE + 1);
        for (int from = 0; from < size; from += PIECE) {
            int to = Math.min(size, from + PIECE);
            cut.add(Order.newBuilder()
                    .setFragment(Fragment.newBuilder()
                            .setBytes(bytes.substring(from, to))
                            .setLast(to == size))
                    .build());
        }
        return cut;
    }

    /** The next message of the stream; the order that is complete with it. */
    public Optional<Order> add(Order message) {
        if (!message.hasFragment()) {
            return Optional.of(message);
        }
        if (pieces.size() > MAX_ORDER - message.getFragment().getBytes().size()) {
            throw new IllegalArgumentException("an order has at most " + MAX_ORDER + " bytes");
        }
        pieces = pieces.concat(message.getFragment().getBytes());
        if (!message.getFragment().getLast()) {
            return Optional.empty();
        }
        ByteString whole = pieces;
        pieces = ByteString.EMPTY;
        try {
            return Optional.of(Order.parseFrom(whole));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the pieces make no order: " + e.getMessage(), e);
        }
    }
}
