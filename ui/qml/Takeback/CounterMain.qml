pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback
import Takeback.Native

// The counter's window: an edge that says how the last scan went, what every screen shares, and
// the stage between. Landscape alone; the canvas is 1920 by 1080 and scaled as a whole.
Window {
    id: root

    required property Bridge bridge
    required property real pxPerMm
    required property bool fillsPanel       // the window fills the panel
    required property bool reducedMotion
    required property bool preload

    readonly property real unit: Math.min(width / 1920, height / 1080)
    readonly property var frame: bridge.props
    readonly property var keys: frame.keys ?? []
    readonly property string tone: frame.flash?.tone ?? ""
    readonly property int scan: frame.flash?.scan ?? 0
    property string current: ""

    color: Theme.surface
    title: bridge.brand

    readonly property real lacking: ((stage.item as Stage)?.needs ?? 0) - stage.height
    readonly property bool settled: !squeeze.running
    readonly property string pressure: [current, frame.largeText, frame.language, frame.title, keys.length].join()

    onLackingChanged: squeeze.restart()
    onPressureChanged: {
        Theme.squeeze = 1;
        squeeze.restart();
    }
    onScanChanged: {
        if (scan > 0) {
            ground.Accessible.announce(frame.flash.word + ". " + frame.flash.text, Accessible.Assertive);
            if (!Theme.still)
                burst.restart();
        }
    }

    Timer {
        id: squeeze
        interval: 0
        onTriggered: {
            if (root.lacking <= 1 || Theme.enlarged <= 0.86)
                return;
            Theme.squeeze *= 0.95;
            restart();
        }
    }

    function present(): void {
        if (bridge.screen === current) {
            if (stage.item)
                (stage.item as Stage).props = bridge.props;
            return;
        }
        current = bridge.screen;
        stage.setSource("counter/" + current + "Screen.qml", {
            "props": bridge.props
        });
        ground.forceActiveFocus();
        ground.Accessible.announce((frame.title ?? "") + " " + (frame.subtitle ?? ""));
    }

    function move(forward: bool): void {
        Theme.keys = true;
        const from = root.activeFocusItem ?? ground;
        from.nextItemInFocusChain(forward).forceActiveFocus(forward ? Qt.TabFocusReason : Qt.BacktabFocusReason);
    }

    Component.onCompleted: {
        Core.bridge = bridge;
        present();
    }

    Connections {
        target: root.bridge
        function onChanged(): void {
            root.present();
        }
    }

    Binding {
        target: Theme
        property: "roles"
        value: root.bridge.roles
    }
    Binding {
        target: Theme
        property: "scheme"
        value: root.bridge.scheme
    }
    Binding {
        target: Theme
        property: "brand"
        value: root.bridge.brand
    }
    Binding {
        target: Theme
        property: "logo"
        value: root.bridge.logo
    }
    Binding {
        target: Theme
        property: "scale"
        value: root.unit * Screen.devicePixelRatio
    }
    Binding {
        target: Theme
        property: "mm"
        value: root.fillsPanel ? root.pxPerMm / root.unit : root.pxPerMm
    }
    Binding {
        target: Theme
        property: "landscape"
        value: true
    }
    Binding {
        target: Theme
        property: "still"
        value: root.reducedMotion
    }
    Binding {
        target: Theme
        property: "largeText"
        value: root.frame.largeText ?? false
    }
    Binding {
        target: Theme
        property: "highContrast"
        value: root.frame.highContrast ?? false
    }
    Binding {
        target: Theme
        property: "lowReach"
        value: false
    }
    Binding {
        target: Theme
        property: "rightToLeft"
        value: root.frame.rightToLeft ?? false
    }

    Item {
        id: canvas
        width: root.width / root.unit
        height: root.height / root.unit
        scale: root.unit
        transformOrigin: Item.TopLeft
        LayoutMirroring.enabled: Theme.rightToLeft
        LayoutMirroring.childrenInherit: true

        FocusScope {
            id: ground
            anchors.fill: parent
            focus: true
            Accessible.role: Accessible.Pane
            Accessible.name: root.frame.title ?? ""

            Keys.onPressed: event => root.heard(event)

            StatusBar {
                id: status
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: parent.top
                anchors.leftMargin: 56
                anchors.rightMargin: 56
                anchors.topMargin: 34
                height: 64
                items: root.frame.bar ?? []
                name: root.frame.name ?? ""
            }

            TrainingBand {
                id: band
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: status.bottom
                anchors.topMargin: 14
                height: 64
                text: root.frame.training ?? ""
            }

            Column {
                id: heading
                anchors.left: parent.left
                anchors.right: side.left
                anchors.top: band.visible ? band.bottom : status.bottom
                anchors.leftMargin: 56
                anchors.rightMargin: side.visible ? 48 : 0
                anchors.topMargin: 22
                spacing: 2

                Copy {
                    width: parent.width
                    visible: text !== ""
                    text: root.frame.title ?? ""
                    strong: true
                    leading: 1.05
                    font.pixelSize: Math.min(Theme.title, 80)
                    Accessible.role: Accessible.Heading
                }

                Copy {
                    width: parent.width
                    visible: text !== ""
                    text: root.frame.subtitle ?? ""
                    color: Theme.muted
                    leading: 1.1
                    font.pixelSize: Theme.small
                }
            }

            Loader {
                id: stage
                anchors.left: parent.left
                anchors.right: side.left
                anchors.top: heading.bottom
                anchors.bottom: foot.top
                anchors.leftMargin: 56
                anchors.rightMargin: side.visible ? 48 : 0
                anchors.topMargin: 26
                anchors.bottomMargin: 26
            }

            KeyColumn {
                id: side
                anchors.right: parent.right
                anchors.bottom: foot.top
                anchors.rightMargin: 56
                anchors.bottomMargin: 26
                visible: root.keys.length > 0
                width: visible ? 400 : 0
                keys: root.keys
            }

            RowLayout {
                id: foot
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.bottom: parent.bottom
                anchors.leftMargin: 56
                anchors.rightMargin: 56
                anchors.bottomMargin: 52
                height: 120
                spacing: Theme.gap

                CounterKey {
                    Layout.fillHeight: true
                    Layout.maximumWidth: 420
                    told: root.frame.back ?? ({})
                    visible: label !== ""
                }

                FlashLine {
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    flash: root.frame.flash ?? ({})
                }

                UndoKey {
                    Layout.fillHeight: true
                    told: root.frame.undo ?? ({})
                }

                CounterKey {
                    Layout.fillHeight: true
                    Layout.preferredWidth: 400
                    told: root.frame.typeCode ?? ({})
                    visible: label !== ""
                }
            }
        }

        // The edge: seen from the corner of an eye.
        Rectangle {
            anchors.fill: parent
            color: "transparent"
            border.width: root.tone !== "" ? 28 : 0
            border.color: root.tone !== "" ? Theme.role(root.tone) : Theme.surface
        }

        Rectangle {
            id: veil
            anchors.fill: parent
            color: root.tone !== "" ? Theme.role(root.tone) : Theme.surface
            opacity: 0

            NumberAnimation {
                id: burst
                target: veil
                property: "opacity"
                from: 0.28
                to: 0
                duration: 260
            }
        }
    }

    // Tab is Qt's own; arrows walk the same way, letters type where there is something to type.
    function heard(event: KeyEvent): void {
        Theme.keys = true;
        event.accepted = true;
        if (event.key === Qt.Key_Down || event.key === Qt.Key_Up)
            move(event.key === Qt.Key_Down);
        else if (event.key === Qt.Key_Left || event.key === Qt.Key_Right)
            move((event.key === Qt.Key_Right) !== Theme.rightToLeft);
        else if (event.key === Qt.Key_Escape && (frame.back?.label ?? "") !== "")
            Core.press("back");
        else if (event.key === Qt.Key_Backspace && frame.typing)
            Core.press("erase");
        else if ((event.key === Qt.Key_Return || event.key === Qt.Key_Enter) && frame.typing)
            Core.press("submit");
        else if (frame.typing && !event.isAutoRepeat && event.text.length === 1 && event.text >= " ")
            Core.type(event.text);
        else
            event.accepted = false;
    }

    // The other screens are compiled once the first one is seen, so none waits when it is wanted.
    property list<string> later: ["Home", "PinPad", "Help", "Typing", "Reason", "ToSettle", "Delivery", "Place", "Counts"]
    property var warm: []

    Timer {
        interval: 150
        running: root.preload && root.current !== ""
        repeat: root.later.length > root.warm.length
        onTriggered: {
            const next = root.later[root.warm.length];
            root.warm.push(Qt.createComponent("counter/" + next + "Screen.qml", Component.Asynchronous, root));
            running = root.warm.length < root.later.length;
        }
    }
}
