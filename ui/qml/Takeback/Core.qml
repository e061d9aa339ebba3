pragma Singleton
import QtQuick
import Takeback.Native

// The way back to the core: a touch becomes an action and a value.
QtObject {
    id: core

    property Bridge bridge: null
    property string lastTouch: ""
    property string before: ""  // put before each action while somebody else's screens are shown
    property Timer settle: Timer {
        interval: 300
        onTriggered: core.lastTouch = ""
    }

    // A trembling finger strikes twice: the same key within 300 ms counts once. Typing does not
    // come this way, since a code may hold the same letter twice.
    function send(action: string, value: string): void {
        const touch = action + ":" + value;
        if (touch === lastTouch)
            return;
        lastTouch = touch;
        settle.restart();
        bridge.send(action.startsWith("own:") ? action.slice(4) : before + action, value);
    }

    function type(value: string): void {
        bridge.send(before + "type", value);
    }

    function press(value: string): void {
        bridge.send(before + "press", value);
    }
}
