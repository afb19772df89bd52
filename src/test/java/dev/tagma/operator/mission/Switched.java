package dev.tagma.operator.mission;

import dev.tagma.mission.MissionStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A database address behind which another database may turn up. */
final class Switched {
    volatile MissionStore to;

    Switched(MissionStore to) {
        this.to = to;
    }

    MissionStore port() {
        return (MissionStore) Proxy.newProxyInstance(
                MissionStore.class.getClassLoader(), new Class<?>[] {MissionStore.class}, (proxy, method, args) -> {
                    try {
                        return method.invoke(to, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
