package dev.tagma.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresBinariesTest {
    private static final byte[] XZ = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};

    @ParameterizedTest
    @CsvSource({"Linux,amd64", "Linux,aarch64", "Mac OS X,x86_64", "Mac OS X,aarch64", "Windows 11,amd64"})
    void theUsualMachinesHaveTheirPostgres(String system, String machine) throws IOException {
        assertThat(Arrays.copyOf(PostgresBinaries.archive(system, machine), XZ.length))
                .isEqualTo(XZ);
    }

    @Test
    void armHasPostgresOfItsOwn() throws IOException {
        assertThat(PostgresBinaries.archive("Linux", "aarch64"))
                .isNotEqualTo(PostgresBinaries.archive("Linux", "amd64"));
    }

    @Test
    void aMachineWithoutPostgresIsToldToNameADatabase() {
        assertThatThrownBy(() -> PostgresBinaries.archive("Linux", "riscv64"))
                .isInstanceOf(PostgresException.class)
                .hasMessageContaining("Linux on riscv64")
                .hasMessageContaining("--database URL");
    }
}
