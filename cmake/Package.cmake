# SPDX-License-Identifier: Apache-2.0
# What `make install` and `make package` put where, besides the program itself. The package's dependencies
# are worked out by dpkg-shlibdeps; two builds of one commit give the same package (SOURCE_DATE_EPOCH).

include(GNUInstallDirs)

install(FILES README.md CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}" RENAME copyright)
install(FILES schema/check.schema.json DESTINATION "${CMAKE_INSTALL_DATADIR}/tlsdoctor")

# Packing installs the program, which is built by then; it need not build the tests.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME tlsdoctor)
set(CPACK_PACKAGE_VENDOR "The tlsdoctor authors")
set(CPACK_PACKAGE_CONTACT "The tlsdoctor authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "says why a TLS handshake fails")
set(CPACK_PACKAGE_DESCRIPTION
    "tlsdoctor asks a server for every version of SSL and TLS, each in a hello of its own, and says
why clients fail to connect, who must act, the exact fix, and how to check it."
)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
include(CPack)
