pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// A delivery: where the last parcel goes, the ones before it, and the counts.
Stage {
    id: screen

    readonly property var rows: props.rows ?? []
    readonly property bool begun: props.begun ?? false

    needs: Math.max(begun ? last.implicitHeight : 300, counts.implicitHeight)

    RowLayout {
        anchors.fill: parent
        spacing: 2 * Theme.space

        Icon {
            Layout.fillWidth: true
            Layout.preferredWidth: 1340
            Layout.alignment: Qt.AlignVCenter
            visible: !screen.begun
            size: 360
            drawing: "barcode"
            role: "accent"
        }

        ColumnLayout {
            id: last
            Layout.fillWidth: true
            Layout.preferredWidth: 1340
            Layout.alignment: Qt.AlignTop
            visible: screen.begun
            spacing: Theme.gap

            ShelfName {
                Layout.fillWidth: true
                name: screen.props.place ?? ""
                label: screen.props.label ?? ""
                tone: screen.props.tone ?? "accent"
            }

            ParcelNumber {
                Layout.fillWidth: true
                number: screen.props.number ?? ""
            }

            Repeater {
                model: screen.rows.length

                ParcelRow {
                    required property int index

                    Layout.fillWidth: true
                    told: screen.rows[index] ?? ({})
                }
            }
        }

        ColumnLayout {
            id: counts
            Layout.fillWidth: true
            Layout.preferredWidth: 560
            Layout.alignment: Qt.AlignTop
            spacing: Theme.space

            Figures {
                Layout.fillWidth: true
                figures: screen.props.figures ?? []
            }

            ColumnLayout {
                Layout.fillWidth: true
                visible: (screen.props.meter?.room ?? 0) > 0
                spacing: 4

                Copy {
                    Layout.fillWidth: true
                    text: screen.props.meter?.label ?? ""
                    color: Theme.muted
                    leading: 1.05
                    font.pixelSize: Theme.small
                }

                Meter {
                    Layout.fillWidth: true
                    told: screen.props.meter ?? ({})
                }
            }
        }
    }
}
