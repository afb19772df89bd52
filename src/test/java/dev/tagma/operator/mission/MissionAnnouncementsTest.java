package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.Phase;
import dev.tagma.mission.Reason;
import dev.tagma.operator.Happening;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MissionAnnouncementsTest {
    @Test
    void everyFailureIsWarnedOfAndNothingThatGoesWell() {
        assertThat(Arrays.stream(Reason.values()).filter(each -> each.phase() == Phase.Failed))
                .isNotEmpty()
                .allMatch(each -> MissionAnnouncements.happening(each) == Happening.MissionFailed);
        assertThat(Arrays.stream(Reason.values())
                        .map(MissionAnnouncements::happening)
                        .filter(each -> each != null))
                .allMatch(each -> each.kind() == Happening.Kind.Warning);
        assertThat(MissionAnnouncements.happening(Reason.Succeeded)).isNull();
        assertThat(MissionAnnouncements.happening(Reason.CancelRequested)).isNull();
        assertThat(MissionAnnouncements.happening(Reason.Running)).isNull();
    }
}
