package dev.tagma.store;

import dev.tagma.mission.Usage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.postgresql.PGConnection;

/** Binds rows as one array per column, primitives in binary: the shape of every grouped statement. */
final class Columns {
    private final PreparedStatement statement;
    private final PGConnection arrays;
    private int parameter;

    Columns(Connection connection, PreparedStatement statement) throws SQLException {
        this.statement = statement;
        this.arrays = connection.unwrap(PGConnection.class);
    }

    <R> Columns int8(List<R> rows, ToLongFunction<R> value) throws SQLException {
        return bind("int8", rows.stream().mapToLong(value).toArray());
    }

    <R> Columns int4(List<R> rows, ToIntFunction<R> value) throws SQLException {
        return bind("int4", rows.stream().mapToInt(value).toArray());
    }

    <R> Columns bytea(List<R> rows, Function<R, byte[]> value) throws SQLException {
        return bind("bytea", rows.stream().map(value).toArray(byte[][]::new));
    }

    <R> Columns text(List<R> rows, Function<R, String> value) throws SQLException {
        return bind("text", rows.stream().map(value).toArray(String[]::new));
    }

    /** Six columns, in the order of the usage columns of every table. */
    <R> Columns usage(List<R> rows, Function<R, Usage> value) throws SQLException {
        return int8(rows, row -> value.apply(row).iterations())
                .int8(rows, row -> value.apply(row).modelCalls())
                .int8(rows, row -> value.apply(row).toolCalls())
                .int8(rows, row -> value.apply(row).inputTokens())
                .int8(rows, row -> value.apply(row).outputTokens())
                .int8(rows, row -> value.apply(row).costNanos());
    }

    private Columns bind(String type, Object values) throws SQLException {
        statement.setArray(++parameter, arrays.createArrayOf(type, values));
        return this;
    }
}
