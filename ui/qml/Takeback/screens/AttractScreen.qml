pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// A phone moves to the reader and back: what to do, seen from two metres.
Stage {
    id: screen

    readonly property bool waiting: props.waiting ?? false
    readonly property bool seeing: props.seeing ?? false

    readonly property var notices: props.problem?.text ? [] : (props.notices ?? [])
    readonly property real noticed: {
        let sum = 0;
        for (let i = 0; i < strips.count; i++)
            sum += (strips.itemAt(i)?.implicitHeight ?? 0) + Theme.gap;
        return sum;
    }

    needs: noticed

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.gap

        Hero {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: screen.height - screen.noticed > 140
            design: Qt.size(900, 700)

            Item {
                id: scene
                property real near: Theme.still || screen.waiting || !screen.seeing ? 1 : 0

                anchors.fill: parent
                LayoutMirroring.enabled: false
                LayoutMirroring.childrenInherit: true
                transform: Scale {
                    origin.x: scene.width / 2
                    xScale: Theme.rightToLeft ? -1 : 1
                }

                SequentialAnimation on near {
                    running: !Theme.still && screen.seeing && screen.visible
                    loops: Animation.Infinite
                    NumberAnimation {
                        to: 1
                        duration: 1400
                        easing.type: Easing.InOutCubic
                    }
                    PauseAnimation {
                        duration: 1500
                    }
                    NumberAnimation {
                        to: 0
                        duration: 1100
                        easing.type: Easing.InOutCubic
                    }
                    PauseAnimation {
                        duration: 500
                    }
                }

                Art {
                    x: 330
                    y: 120
                    width: 340
                    height: 360
                    drawing: "beam"
                    visible: screen.seeing
                    opacity: Math.max(0, (scene.near - 0.55) / 0.45)
                }

                Art {
                    x: 560
                    y: 100
                    width: 360
                    height: 560
                    drawing: "reader"
                    opacity: screen.waiting || !screen.seeing ? 0.55 : 1
                }

                // What the reader sees stands in its window; without pictures it shows its eye.
                CameraPreview {
                    x: 644
                    y: 184
                    width: 212
                    height: 222
                    visible: screen.seeing
                    transform: Scale {
                        origin.x: 106
                        xScale: Theme.rightToLeft ? -1 : 1 // the scene is turned already
                    }
                }

                Art {
                    x: 10 + scene.near * 110
                    y: 60 + (1 - scene.near) * 60
                    width: 380
                    height: 1000
                    transformOrigin: Item.Center
                    rotation: -10 + scene.near * 10
                    drawing: "phone"
                    opacity: screen.waiting ? 0.55 : 1
                }
            }
        }

        Repeater {
            id: strips
            model: screen.notices.length

            Notice {
                required property int index
                readonly property var notice: screen.notices[index] ?? ({})

                Layout.fillWidth: true
                icon: notice.icon ?? ""
                text: notice.text ?? ""
                step: notice.step ?? ""
            }
        }
    }
}
