import QtQuick
import QtQuick.Layouts
import Takeback

// Where to go, to be read from afar; beside it a list: what lies there, what is known, what is next.
Stage {
    id: screen

    readonly property var rows: props.rows ?? []
    readonly property bool placed: (props.place ?? "") !== ""

    needs: Math.max(place.implicitHeight, rows.length > 0 ? list.least : 0)

    RowLayout {
        anchors.fill: parent
        spacing: 2 * Theme.space

        ColumnLayout {
            id: place
            visible: screen.placed || (screen.props.number ?? "") !== ""
            Layout.fillWidth: true
            Layout.preferredWidth: screen.rows.length === 0 ? 2000 : Theme.largeText ? 700 : 900
            Layout.alignment: Qt.AlignTop
            spacing: Theme.gap

            ShelfName {
                Layout.fillWidth: true
                visible: screen.placed
                name: screen.props.place ?? ""
                label: screen.props.label ?? ""
                tone: screen.props.tone ?? "accent"
            }

            ParcelNumber {
                Layout.fillWidth: true
                number: screen.props.number ?? ""
                carrier: screen.props.carrier ?? ""
            }

            Meter {
                Layout.fillWidth: true
                visible: (screen.props.meter?.room ?? 0) > 0
                told: screen.props.meter ?? ({})
            }

            Figures {
                Layout.fillWidth: true
                figures: screen.props.figures ?? []
            }
        }

        PagedList {
            id: list
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: Theme.largeText ? 1600 : 1300
            visible: screen.rows.length > 0
            props: screen.props
        }
    }
}
