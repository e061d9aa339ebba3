import QtQuick
import QtQuick.Layouts
import Takeback

// The item slides into the bag; then the bag's code is awaited, and the screen says so.
Stage {
    id: screen

    readonly property var packed: props.packed
    readonly property var kept: props.kept
    readonly property var blind: props.notices[0] ?? null

    needs: 260 + (blind ? sightless.implicitHeight : awaited.implicitHeight) + (keeping.visible ? keeping.implicitHeight + Theme.gap : 0) + Theme.gap

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.gap

        Hero {
            id: hero
            Layout.fillWidth: true
            Layout.fillHeight: true
            design: Qt.size(760, 760)

            Item {
                id: scene
                property int turn: 0
                property real down: Theme.still ? 0.45 : 0

                anchors.fill: parent

                SequentialAnimation on down {
                    running: !Theme.still && screen.visible
                    loops: Animation.Infinite
                    PauseAnimation {
                        duration: 500
                    }
                    NumberAnimation {
                        to: 1
                        duration: 1500
                        easing.type: Easing.InOutQuad
                    }
                    PauseAnimation {
                        duration: 900
                    }
                    ScriptAction {
                        script: scene.turn += 1
                    }
                    PropertyAction {
                        value: 0
                    }
                }

                Art {
                    x: 140
                    y: 240
                    width: 480
                    height: 520
                    drawing: "bag-back"
                }

                Art {
                    x: 260
                    y: 10 + scene.down * 430
                    width: 240
                    height: 240
                    opacity: Math.min(1, 0.2 + scene.down * 6)
                    rotation: (1 - scene.down) * -8
                    drawing: "item-" + (screen.packed[scene.turn % Math.max(1, screen.packed.length)]?.picture ?? "box")
                }

                Art {
                    x: 140
                    y: 240
                    width: 480
                    height: 520
                    drawing: "bag-front"
                }
            }
        }

        Notice {
            id: keeping
            Layout.fillWidth: true
            visible: screen.kept.length > 0
            tone: "info"
            icon: screen.props.keptIcon
            text: screen.props.keptTitle
            step: screen.kept.map(item => item.name).join(", ")
        }

        Notice {
            id: sightless
            Layout.fillWidth: true
            visible: screen.blind !== null
            icon: screen.blind?.icon ?? ""
            text: screen.blind?.text ?? ""
        }

        Card {
            id: awaited
            Layout.fillWidth: true
            visible: screen.blind === null
            implicitHeight: waiting.implicitHeight + 64
            border.color: Theme.accent
            border.width: 5

            RowLayout {
                id: waiting
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                anchors.margins: 36
                spacing: 28

                Rectangle {
                    implicitWidth: 36
                    implicitHeight: 36
                    radius: 18
                    color: Theme.accent

                    SequentialAnimation on opacity {
                        running: !Theme.still && screen.visible
                        loops: Animation.Infinite
                        NumberAnimation {
                            to: 0.25
                            duration: 900
                            easing.type: Easing.InOutSine
                        }
                        NumberAnimation {
                            to: 1
                            duration: 900
                            easing.type: Easing.InOutSine
                        }
                    }
                }

                Copy {
                    Layout.fillWidth: true
                    text: screen.props.waiting
                    strong: true
                }
            }
        }
    }

    CameraPreview {
        visible: screen.blind === null
        anchors.top: parent.top
        anchors.right: parent.right
        anchors.margins: 28
    }
}
