pragma ComponentBehavior: Bound

import QtQuick
import Takeback
import Takeback.Native

// The window: one scaled canvas, the parts every screen shares, and the stage between them.
Window {
    id: root

    required property Bridge bridge
    required property real pxPerMm
    required property bool fillsPanel       // the window fills the panel
    required property bool reducedMotion
    required property bool preload

    readonly property bool wide: width > height
    readonly property real unit: wide ? Math.min(width / 1920, height / 1080) : Math.min(width / 1080, height / 1920)
    readonly property var frame: bridge.props
    readonly property bool languageBar: frame.languageBar ?? false
    readonly property bool inline: languageBar || (Theme.lowReach && !wide)
    property string current: ""
    property bool comfortOpen: false

    color: Theme.surface
    title: bridge.brand

    readonly property real lacking: Math.max(((stage.item as Stage)?.needs ?? 0) - stage.height, side.implicitHeight - side.maximum)
    readonly property bool settled: !squeeze.running
    readonly property string pressure: [current, frame.largeText, frame.language, frame.problem?.text, width > height].join()

    onLackingChanged: squeeze.restart()
    onPressureChanged: {
        Theme.squeeze = 1;
        squeeze.restart();
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
        comfortOpen = false;
        stage.setSource("screens/" + current + "Screen.qml", {
            "props": bridge.props
        });
        if (!countdown.open)
            ground.forceActiveFocus();
        ground.Accessible.announce((frame.title ?? "") + " " + (frame.subtitle ?? ""));
        if (!Theme.still)
            enter.restart();
    }

    function move(forward: bool): void {
        Theme.keys = true;
        const from = root.activeFocusItem ?? ground;
        from.nextItemInFocusChain(forward).forceActiveFocus(forward ? Qt.TabFocusReason : Qt.BacktabFocusReason);
    }

    function languageName(): string {
        const known = bridge.languages.find(language => language.code === frame.language);
        return known?.name ?? "";
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
        value: root.wide
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
        value: root.frame.lowReach ?? false
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
            enabled: !comfortSheet.open && !countdown.open
            onEnabledChanged: if (enabled)
                forceActiveFocus()
            Accessible.role: Accessible.Pane
            Accessible.name: root.frame.title ?? ""

            Keys.onPressed: event => root.heard(event)

            Rectangle {
                anchors.left: parent.left
                anchors.top: parent.top
                anchors.bottom: parent.bottom
                width: side.width + 2 * Theme.margin
                color: Theme.card
                visible: Theme.landscape
            }

            // The brand, small and steady.
            Row {
                id: brand
                anchors.top: parent.top
                anchors.left: parent.left
                anchors.margins: Theme.margin
                height: 64
                spacing: 16

                Icon {
                    size: 60
                    anchors.verticalCenter: parent.verticalCenter
                    drawing: "mark"
                    role: "accent"
                }

                Text {
                    anchors.verticalCenter: parent.verticalCenter
                    text: Theme.brand
                    color: Theme.ink
                    font.pixelSize: 44
                    font.weight: Font.Bold
                    Accessible.ignored: true
                }
            }

            // Whose return it is; its name stands in the heading.
            Art {
                anchors.verticalCenter: brand.verticalCenter
                anchors.right: side.right
                visible: Theme.logo > 0
                height: 64
                width: Math.min(64 * Theme.logo, side.width - brand.width - 2 * brand.spacing)
                drawing: visible ? "logo" : ""
                role: "accent"
            }

            Heading {
                id: side
                anchors.top: brand.bottom
                anchors.topMargin: Theme.space + 8
                anchors.left: parent.left
                anchors.leftMargin: Theme.margin
                width: Theme.landscape ? 520 : canvas.width - 2 * Theme.margin
                frame: root.frame
                maximum: Theme.landscape ? bar.y - y - Theme.space : Math.min(canvas.height * 0.36, actions.y - y - ((stage.item as Stage)?.needs ?? 0) - 2 * Theme.space - 8)
            }

            Loader {
                id: stage
                anchors.left: Theme.landscape ? side.right : parent.left
                anchors.right: parent.right
                anchors.top: Theme.landscape ? parent.top : side.bottom
                anchors.bottom: actions.top
                anchors.leftMargin: Theme.landscape ? 2 * Theme.margin : Theme.margin
                anchors.rightMargin: Theme.margin
                anchors.topMargin: Theme.landscape ? Theme.margin : Theme.space + 8
                anchors.bottomMargin: Theme.space

                transform: Translate {
                    id: slide
                }

                ParallelAnimation {
                    id: enter
                    NumberAnimation {
                        target: stage
                        property: "opacity"
                        from: 0
                        to: 1
                        duration: Theme.motion(240)
                    }
                    NumberAnimation {
                        target: slide
                        property: "y"
                        from: 40
                        to: 0
                        duration: Theme.motion(280)
                        easing.type: Easing.OutCubic
                    }
                }
            }

            Actions {
                id: actions
                anchors.left: stage.left
                anchors.right: stage.right
                anchors.bottom: root.languageBar ? languages.top : (Theme.landscape ? parent.bottom : bar.top)
                anchors.bottomMargin: root.languageBar ? Theme.gap : (Theme.landscape ? Theme.margin : Theme.space)
                primary: root.frame.primary ?? ({})
                secondary: root.frame.secondary ?? []
                inline: root.inline
            }

            LanguageBar {
                id: languages
                anchors.left: stage.left
                anchors.right: stage.right
                anchors.bottom: Theme.landscape ? parent.bottom : bar.top
                anchors.bottomMargin: Theme.landscape ? Theme.margin : Theme.space
                visible: root.languageBar
                languages: root.bridge.languages
                current: root.frame.language ?? ""
            }

            BottomBar {
                id: bar
                anchors.left: side.left
                anchors.right: side.right
                anchors.bottom: parent.bottom
                anchors.bottomMargin: Theme.margin
                comfort: root.frame.comfort ?? ({})
                languageName: root.languageName()
                offersLanguage: !root.languageBar && !(Theme.landscape && Theme.largeText)
                visible: root.current !== ""
                onAsked: root.comfortOpen = true
            }
        }

        ComfortSheet {
            id: comfortSheet
            anchors.fill: parent
            open: root.comfortOpen && !countdown.open
            comfort: root.frame.comfort ?? ({})
            languages: root.bridge.languages
            language: root.frame.language ?? ""
            Keys.onPressed: event => root.heard(event)
            onClosed: {
                root.comfortOpen = false;
                ground.forceActiveFocus();
            }
        }

        Countdown {
            id: countdown
            anchors.fill: parent
            countdown: root.bridge.countdown
            Keys.onPressed: event => root.heard(event)
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
        else if (event.key === Qt.Key_Backspace && frame.keys)
            Core.press("erase");
        else if (frame.keys && !event.isAutoRepeat && (frame.keys as Array).includes(event.text.toUpperCase()))
            Core.type(event.text.toUpperCase());
        else
            event.accepted = false;
    }

    // The other screens are compiled once the first one is seen, so none waits when it is wanted.
    property list<string> later: ["Items", "NoCode", "Bagging", "Receipt", "Done", "TypeShortCode", "TypeOrder", "TypeBag", "Asking", "Refused", "StaffCalled", "OutOfService"]
    property var warm: []

    Timer {
        interval: 150
        running: root.preload && root.current !== ""
        repeat: root.later.length > root.warm.length
        onTriggered: {
            const next = root.later[root.warm.length];
            root.warm.push(Qt.createComponent("screens/" + next + "Screen.qml", Component.Asynchronous, root));
            running = root.warm.length < root.later.length;
        }
    }
}
